import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { openLookingBack } from './looking-back.ts'

const close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one()
})
async function opened(...args: Parameters<typeof openLookingBack>) {
  const room = await openLookingBack(...args)
  close.push(() => room.foundation.close())
  return room
}

describe('missed findings', () => {
  it('are those that no alert was raised for, with the reason where they were dismissed', async () => {
    const { missed, signed } = await opened([
      { study: '1.2.1', findings: '考虑肺栓塞。未见气胸。', signedAt: 1000 },
    ])
    await signed('1.2.2', '左侧张力性气胸。')
    await signed('1.2.3', '右侧张力性气胸。', () => [
      {
        action: 'dismiss',
        section: 'findings',
        start: 2,
        end: 7,
        type: 'TENSION_PNEUMOTHORAX',
        reason: '已电话告知',
      },
    ])
    const { findings } = await missed()
    expect(findings).toMatchObject([
      {
        accessionNumber: '',
        dismissed: '已电话告知',
        level: 'red',
        hit: { typeName: '张力性气胸', grade: 'positive', excerpt: '右侧张力性气胸。', start: 2, end: 7 },
      },
      { accessionNumber: 'A1.2.1', dismissed: '', hit: { type: 'PULMONARY_EMBOLISM', grade: 'possible' } },
    ])
  })

  it('are each type of a report once, however often it is written, and not those of other exams', async () => {
    const entries = defaultDictionary.entries.map((entry) =>
      entry.code === 'PULMONARY_EMBOLISM' ? { ...entry, scope: { modalities: ['CT'] } } : entry,
    )
    const { missed } = await opened(
      [
        { study: '1.2.1', findings: '右侧气胸。左侧气胸。', impression: '双侧气胸。', signedAt: 1000 },
        { study: '1.2.2', findings: '肺栓塞。', signedAt: 2000, exam: { modality: 'MR' } },
        { study: '1.2.3', findings: '肺栓塞。', signedAt: 3000, exam: { modality: 'CT' } },
      ],
      { dictionary: { version: 'scoped', entries } },
    )
    const { findings } = await missed()
    expect(findings.map(({ accessionNumber, hit }) => [accessionNumber, hit.type])).toEqual([
      ['A1.2.3', 'PULMONARY_EMBOLISM'],
      ['A1.2.1', 'LARGE_PNEUMOTHORAX'],
    ])
  })

  it('are none where an earlier version raised the alert', async () => {
    const { missed, signed, signOff, time } = await opened()
    await signed('1.2.2', '左侧张力性气胸。')
    time.now += 60_000
    const text = { findings: '左侧张力性气胸。补充：肋骨骨折。', impression: '' }
    const dismiss = () => [
      {
        action: 'dismiss' as const,
        section: 'findings' as const,
        start: 2,
        end: 7,
        type: 'TENSION_PNEUMOTHORAX',
        reason: '已上报',
      },
    ]
    await signOff('li', '1.2.2', text, dismiss, { kind: 'addendum', reason: '补充骨折' })
    expect((await missed()).findings).toEqual([])
  })

  it('come in parts, and are audited', async () => {
    const many = Array.from({ length: 9 }, (_, i) => ({
      study: `1.2.${i}`,
      findings: '肺栓塞。',
      signedAt: 1000 + i,
    }))
    const { missed, foundation } = await opened(many, { budget: { reports: 4, ms: 60_000 } })
    const all: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const part = await missed(cursor ? { cursor } : {})
      all.push(...part.findings.map(({ accessionNumber }) => accessionNumber))
      cursor = part.cursor
    }
    expect(all).toEqual(many.map(({ study }) => `A${study}`).reverse())
    const [told] = await foundation.audit.tail(undefined, ['report.missed-listed'])
    expect(told).toMatchObject({
      actor: 'account:li',
      detail: { scanned: 9, dictionaryVersion: 'default-1' },
    })
  })
})

describe('figures over alerts', () => {
  it('come from what happened to them', async () => {
    const { statistics, signed, foundation, handlers } = await opened()
    await signed('1.2.2', '左侧张力性气胸。')
    const { alerts } = await signed('1.2.3', '考虑肺栓塞。')
    expect(handlers).toBeDefined()
    expect(await statistics()).toMatchObject({
      damaged: 0,
      byStatus: { sent: 2 },
      total: { count: 2, received: 0, byPhone: 0 },
      groups: [{ label: '肺栓塞' }, { label: '张力性气胸' }],
    })
    await sql`drop trigger alerts_no_update`.execute(foundation.store.db)
    await foundation.store.db
      .updateTable('alerts')
      .set({ sealed_alert: 'v1.AAAA' })
      .where('id', '=', alerts[0]?.id ?? '')
      .execute()
    expect(await statistics()).toMatchObject({ damaged: 1, total: { count: 1 } })
    expect(await foundation.audit.tail(undefined, ['alert.statistics'])).toHaveLength(2)
  })

  it('of a century are refused', async () => {
    const { statistics } = await opened()
    await expect(statistics({ from: 0, to: 1e14 })).rejects.toMatchObject({ code: 'bad-request' })
  })
})
