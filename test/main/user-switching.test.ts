import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReportText } from '../../src/shared/report/index.ts'
import { startGateway, type TestGateway, type TestPerson } from '../server/gateway-harness.ts'
import { type Desk, openDesk, pin, ticketOf } from './desk.ts'

/** A shared reading station: one person locks, another signs in with their own key, against a real gateway. */

const study = '1.2.826.0.1.3680043.8.498.1'
const hers: ReportText = { findings: '左侧额叶见高密度影', impression: '脑出血' }

describe('fast user switching', () => {
  /** Drafts on the gateway, by account. */
  const drafts = new Map<string, ReportText>()
  let gateway: TestGateway
  let zhang: TestPerson
  let li: TestPerson
  let desk: Desk

  beforeAll(async () => {
    const handlers = {
      report: async ({ principal }: { principal: { accountId: string } }) => {
        const text = drafts.get(principal.accountId)
        const draft = text ? { text, revision: 1, savedAt: 1 } : null
        return { status: 'draft', draft, lockedBy: null, submission: null, versions: [] }
      },
      // Nothing gets through: what is typed stays on the workstation.
      saveDraft: () => Promise.reject(new Error('full')),
    }
    const policy = { session: { caps: { perWorkstation: 1 } } }
    gateway = await startGateway({ config: { policy }, tuning: { handlers: handlers as never } })
    zhang = await gateway.person('zhang')
    li = await gateway.person('li')
  })
  beforeEach(async () => {
    desk = await openDesk()
    await desk.enrol(await ticketOf(gateway))
    desk.insert(zhang, 'zhang')
    desk.insert(li, 'li')
    expect(await desk.signIn('zhang')).toMatchObject({ ok: true })
  })
  afterEach(() => desk.close())
  afterAll(() => gateway.close())

  const live = async () => (await gateway.sessions.live()).map(({ loginName }) => loginName)
  const phases = () =>
    desk.shell.events.flatMap((event) => (event.kind === 'state' ? [event.state.phase] : []))

  it('refuses a second person while the first is at work', async () => {
    expect(await desk.signIn('li')).toMatchObject({ failure: { code: 'conflict' } })
    expect(await live()).toEqual(['zhang'])
  })

  it('opens to the second person at once; the first is over, there and here, and blanked in between', async () => {
    await desk.value('report.open', { study })
    await desk.value('workstation.lock')
    desk.shell.order.length = 0
    desk.shell.events.length = 0
    expect(await desk.signIn('li')).toMatchObject({ ok: true })
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active', session: { loginName: 'li' } })
    await expect.poll(live).toEqual(['li'])
    expect(desk.shell.order.filter((step) => /blank|state/.test(step))).toEqual([
      'blank',
      'state:active',
      'unblank',
    ])
    // The end of the first session is nobody's message any more.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(phases()).toEqual(['active'])
  })

  it('keeps the first person’s text under their name: also last words that come late', async () => {
    await desk.value('report.open', { study })
    await desk.value('report.save-draft', { study, text: { findings: '左侧', impression: '' } })
    await desk.value('workstation.lock')
    expect(await desk.signIn('li')).toMatchObject({ ok: true })
    await desk.value('report.save-draft', { study, text: hers })
    expect(readdirSync(join(desk.dataDir, 'drafts'))).toHaveLength(2)
    expect(await desk.value('report.open', { study })).toMatchObject({
      text: { findings: '', impression: '' },
      recovered: false,
    })
    await desk.value('session.sign-out')
    expect(await desk.signIn('zhang')).toMatchObject({ ok: true })
    expect(await desk.value('report.open', { study })).toMatchObject({ text: hers, recovered: true })
  })

  it('leaves the first person locked and whole where the second fails', async () => {
    await desk.value('report.open', { study })
    await desk.value('report.save-draft', { study, text: hers })
    await desk.value('workstation.lock')
    expect(await desk.signIn('li', { pin: 'wrong' })).toMatchObject({ failure: { code: 'pin-wrong' } })
    const stranger = await gateway.hospital.issue({ commonName: 'stranger', keyType: 'P-256' })
    desk.insert({ signer: { ...li.signer, ...stranger } }, 'stranger')
    expect(await desk.signIn('stranger')).toMatchObject({ failure: { code: 'account-unknown' } })
    expect(desk.shell.lastState()).toMatchObject({ phase: 'locked', session: { loginName: 'zhang' } })
    expect(await live()).toEqual(['zhang'])
    expect(await desk.unlock('zhang')).toMatchObject({ ok: true })
    expect(await desk.value('report.open', { study })).toMatchObject({ text: hers, recovered: true })
  })

  it('tells whose session it was, where the gateway ended it while the second tried in vain', async () => {
    await desk.value('workstation.lock')
    const [session] = await gateway.sessions.live()
    const trying = desk.signIn('li', { pin: 'wrong' })
    await gateway.sessions.end(session?.id ?? '', 'ended-by-officer', { kind: 'cli', id: 'test' })
    await trying
    await desk.phase('signed-out')
    expect(desk.shell.lastState()).toMatchObject({
      ended: { reason: 'ended-by-officer', displayName: '姓名 zhang' },
    })
    expect(await desk.signIn('li')).toMatchObject({ ok: true })
  })

  it('takes the same person’s other key as well, and goes on with their text', async () => {
    await desk.value('report.open', { study })
    await desk.value('report.save-draft', { study, text: hers })
    const other = await gateway.hospital.issue({ commonName: 'zhang 2', keyType: 'P-256' })
    await gateway.accounts.bindCertificate(zhang.accountId, other.certificatePem, { kind: 'cli', id: 'test' })
    desk.insert({ signer: { ...zhang.signer, ...other } }, 'zhang-2')
    await desk.value('workstation.lock')
    expect(await desk.signIn('zhang-2')).toMatchObject({ ok: true })
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active', session: { loginName: 'zhang' } })
    expect(await desk.value('report.open', { study })).toMatchObject({ text: hers, recovered: true })
    desk.remove('zhang')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(desk.shell.lastState()).toMatchObject({ phase: 'active' })
    desk.remove('zhang-2')
    await desk.phase('locked')
  })

  it('writes nobody’s name and no PIN into the log', async () => {
    await desk.value('workstation.lock')
    await desk.signIn('li')
    expect(existsSync(join(desk.dataDir, 'workstation.log'))).toBe(true)
    for (const secret of ['zhang', '姓名', pin]) expect(desk.log()).not.toContain(secret)
  })
})
