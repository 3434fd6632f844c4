import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '../../../../src/shared/api/index.ts'
import { startGateway, type TestGateway, type TestSession } from '../../gateway-harness.ts'
import { listen, until } from '../../sessions/event-log.ts'
import { contentOf, openDictionary } from './on-a-store.ts'

/** Over real sockets: who may do what, and that a published dictionary reaches every workstation. */
describe('the dictionary at a running gateway', () => {
  let gateway: TestGateway
  const seats = {} as Record<'qian' | 'sun' | 'li' | 'wu', TestSession>
  beforeAll(async () => {
    gateway = await startGateway()
    const [one, two] = [await gateway.workstation('reading-1'), await gateway.workstation('office-1')]
    const roles = {
      qian: 'quality-manager',
      sun: 'quality-manager',
      li: 'radiologist',
      wu: 'technologist',
    } as const
    for (const [login, role] of Object.entries(roles) as [keyof typeof seats, (typeof roles)['li']][]) {
      const person = await gateway.person(login, { roles: [role] })
      seats[login] = await gateway.session(login === 'li' ? one : two, person)
    }
  })
  afterAll(() => gateway.close())

  const content = contentOf('LARGE_PNEUMOTHORAX')
  async function tested(who: keyof typeof seats): Promise<number> {
    const { channel } = seats[who]
    await channel.call('beginDictionaryDraft', { body: {} })
    const saved = await channel.call('saveDictionaryDraft', { body: { baseRevision: 1, content, note: '' } })
    expect(saved.status).toBe(200)
    const { revision } = saved.body
    await channel.call('beginDryRun', { body: { revision, months: 1 } })
    await until(async () => (await channel.call('dryRun')).body.state === 'done')
    return revision
  }

  it('is written by a quality manager, and by nobody else', async () => {
    const names = [
      'dictionaryVersions',
      'beginDictionaryDraft',
      'saveDictionaryDraft',
      'discardDictionaryDraft',
    ] as const
    for (const name of [
      ...names,
      'beginDryRun',
      'dryRun',
      'publishDictionary',
      'dictionaryVersion',
    ] as const) {
      const body = 'body' in api[name] ? { body: {} } : {}
      for (const who of ['li', 'wu'] as const) {
        const { status, body: answer } = await seats[who].channel.call(name, {
          params: { version: 'D2' },
          ...body,
        })
        expect([name, status, answer.code]).toEqual([name, 403, 'permission-denied'])
      }
    }
    expect((await seats.li.channel.call('dictionary')).body.version).toBe('default-1')
    expect((await seats.wu.channel.call('dictionary')).status).toBe(403)
  })

  it('is approved by another quality manager, and reaches every workstation within 5 seconds', async () => {
    const revision = await tested('qian')
    const own = await seats.qian.channel.call('publishDictionary', { body: { revision } })
    expect([own.status, own.body.code]).toEqual([403, 'second-person-required'])
    const streams = [await listen(seats.li), await listen(seats.qian)]
    const outsider = await listen(seats.wu)
    const began = Date.now()
    const { status, body } = await seats.sun.channel.call('publishDictionary', { body: { revision } })
    expect([status, body.state]).toEqual([200, 'published'])
    const news = { kind: 'dictionary-changed', version: 'D2' }
    await until(
      () => streams.every(({ events }) => events.some((event) => event.kind === 'dictionary-changed')),
      5000,
    )
    expect((await seats.li.channel.call('dictionary')).body.entries).toHaveLength(1)
    expect(Date.now() - began).toBeLessThan(5000)
    for (const { events } of streams) expect(events).toContainEqual(news)
    expect(outsider.events).not.toContainEqual(news)
  })

  it('that another process published reaches every workstation within 5 seconds too', async () => {
    const { events } = await listen(seats.li)
    // The capability on the same database, unknown to the gateway, as the CLI or a second gateway has it.
    const elsewhere = await openDictionary(gateway.foundation)
    const began = Date.now()
    await elsewhere.publish(contentOf('LARGE_PNEUMOTHORAX', 'PULMONARY_EMBOLISM'))
    await until(() => events.some((event) => event.kind === 'dictionary-changed'), 5000)
    expect(Date.now() - began).toBeLessThan(5000)
    expect((await seats.li.channel.call('dictionary')).body).toMatchObject({ version: 'D3' })
  })

  it('refuses what is no dictionary, and says where', async () => {
    await seats.qian.channel.call('beginDictionaryDraft', { body: {} })
    const save = (entries: unknown) =>
      seats.qian.channel.call('saveDictionaryDraft', {
        body: { baseRevision: 1, content: { ...content, entries }, note: '' },
      })
    expect(await save([])).toMatchObject({
      status: 422,
      body: { code: 'dictionary-invalid', facts: { reason: 'empty' } },
    })
    expect(await save([{ code: 'x' }])).toMatchObject({ status: 400, body: { code: 'bad-request' } })
    const huge = await save(Array.from({ length: 2001 }, () => content.entries[0]))
    expect(huge.status).toBe(400)
    expect((await seats.qian.channel.call('discardDictionaryDraft')).status).toBe(200)
  })
})

describe('looking back at a running gateway', () => {
  it('is for those who may', async () => {
    const gateway = await startGateway()
    try {
      const desk = await gateway.workstation('reading-1')
      const query = '?from=0&to=99999999999999'
      const answers = async (role: 'radiologist' | 'quality-manager' | 'technologist' | 'auditor') => {
        const { channel } = await gateway.session(desk, await gateway.person(role, { roles: [role] }))
        return [
          (await channel.call('searchReports', { query })).status,
          (await channel.call('reportAuthors')).status,
          (await channel.call('missedFindings', { query })).status,
          (await channel.call('alertStatistics', { query: `?from=0&to=86400000&by=ward` })).status,
        ]
      }
      expect(await answers('quality-manager')).toEqual([200, 200, 200, 200])
      expect(await answers('radiologist')).toEqual([200, 200, 403, 403])
      expect(await answers('technologist')).toEqual([403, 403, 403, 403])
      expect(await answers('auditor')).toEqual([403, 403, 403, 403])
    } finally {
      await gateway.close()
    }
  })
})
