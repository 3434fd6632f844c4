import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { anOrder } from '../reports/reading-room.ts'
import type { DocumentFacts } from '../reports/signed-documents.ts'
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

const wang = { accountId: 'wang', name: '王医师' }
const reports: DocumentFacts[] = [
  {
    study: '1.2.1',
    findings: '右侧气胸。',
    impression: '右侧气胸。',
    signedAt: 1000,
    exam: { modality: 'CT' },
  },
  { study: '1.2.2', findings: '未见气胸。', signedAt: 2000, exam: { modality: 'DX' } },
  { study: '1.2.3', findings: '考虑肺栓塞。', signedAt: 3000, author: wang },
  { study: '1.2.4', findings: '双肺清晰。', signedAt: 4000, author: wang, exam: { modality: 'DX' } },
]
const found = ({ reports }: { reports: { accessionNumber: string }[] }) =>
  reports.map(({ accessionNumber }) => accessionNumber)

describe('a search over signed reports', () => {
  let shared: Awaited<ReturnType<typeof openLookingBack>>
  beforeAll(async () => {
    shared = await openLookingBack(reports)
  })
  afterAll(() => shared.foundation.close())

  it.each([
    ['everything', {}, ['A1.2.4', 'A1.2.3', 'A1.2.2', 'A1.2.1']],
    ['a keyword', { keyword: '气胸' }, ['A1.2.2', 'A1.2.1']],
    ['two words', { keyword: '气胸 右侧' }, ['A1.2.1']],
    ['a type', { type: 'LARGE_PNEUMOTHORAX' }, ['A1.2.2', 'A1.2.1']],
    ['a grade', { grade: 'possible' }, ['A1.2.3']],
    ['a type and a grade', { type: 'LARGE_PNEUMOTHORAX', grade: 'negated' }, ['A1.2.2']],
    ['a modality', { modality: 'dx' }, ['A1.2.4', 'A1.2.2']],
    ['an author', { author: 'wang' }, ['A1.2.4', 'A1.2.3']],
    ['a period', { from: 2000, to: 4000 }, ['A1.2.3', 'A1.2.2']],
    [
      'all at once',
      {
        keyword: '气',
        type: 'LARGE_PNEUMOTHORAX',
        grade: 'positive',
        modality: 'CT',
        author: 'li',
        to: 2000,
      },
      ['A1.2.1'],
    ],
    ['what nobody wrote', { keyword: "' or 1=1 --" }, []],
    ['a type that there is not', { type: 'NOTHING' }, []],
    ['an author that there is not', { author: 'nobody' }, []],
  ])('finds by %s, newest first', async (_, query, expected) => {
    expect(found(await shared.search(query))).toEqual(expected)
  })

  it('shows where it stands, and of what grade', async () => {
    const { search } = await opened(reports)
    const [keyword] = (await search({ keyword: '气胸', modality: 'CT' })).reports
    expect(keyword).toMatchObject({
      patientName: '张伟',
      author: '李医师',
      itemName: '胸部CT平扫',
      alerts: 0,
    })
    expect(keyword?.hits).toEqual([
      { section: 'findings', excerpt: '右侧气胸。', start: 2, end: 4, type: null, typeName: '', grade: null },
      {
        section: 'impression',
        excerpt: '右侧气胸。',
        start: 2,
        end: 4,
        type: null,
        typeName: '',
        grade: null,
      },
    ])
    const [type] = (await search({ type: 'PULMONARY_EMBOLISM' })).reports
    expect(type?.hits).toEqual([
      {
        section: 'findings',
        excerpt: '考虑肺栓塞。',
        start: 2,
        end: 5,
        type: 'PULMONARY_EMBOLISM',
        typeName: '肺栓塞',
        grade: 'possible',
      },
    ])
  })

  it('counts the alerts of each report', async () => {
    const { search, signed } = await opened()
    await signed('1.2.9', '左侧张力性气胸。')
    const [report] = (await search({ keyword: '张力性' })).reports
    expect(report).toMatchObject({ alerts: 1, version: 1 })
  })

  it('answers in parts that together are the whole, each report once', async () => {
    const many = Array.from({ length: 25 }, (_, i) => ({
      study: `1.2.${i}`,
      findings: i % 2 ? '气胸。' : '清晰。',
      signedAt: 1000 + (i >> 2),
    }))
    for (const [limit, budget] of [
      [3, { reports: 1000, ms: 60_000 }],
      [200, { reports: 4, ms: 60_000 }],
      [200, { reports: 1000, ms: 0 }],
    ] as const) {
      const { search } = await opened(many, { budget })
      const all: string[] = []
      let parts = 0
      for (let cursor: string | null | undefined; cursor !== null; parts += 1) {
        const part = await search({ keyword: '气胸', limit, ...(cursor ? { cursor } : {}) })
        expect(part.total).toBe(25)
        all.push(...found(part))
        cursor = part.cursor
        if (cursor === null) expect(part.scanned).toBe(25)
      }
      expect(new Set(all).size).toBe(12)
      expect(all).toHaveLength(12)
      expect(parts).toBeGreaterThan(3)
    }
  })

  it.each(['x', '1.2.3.x', '1.2.3.1.a b', `${'1'.repeat(30)}.1.1.1.a`])(
    'refuses a cursor %j',
    async (cursor) => {
      const { search } = await opened(reports)
      await expect(search({ cursor })).rejects.toMatchObject({ code: 'bad-request' })
    },
  )

  it('goes on over a report that was changed, and says so', async () => {
    const { search, foundation, ids } = await opened(reports)
    await sql`drop trigger report_versions_no_update`.execute(foundation.store.db)
    await foundation.store.db
      .updateTable('report_versions')
      .set({ sealed_document: 'v1.AAAA' })
      .where('id', '=', ids[1] ?? '')
      .execute()
    const part = await search({ keyword: '气胸' })
    expect(found(part)).toEqual(['A1.2.1'])
    expect(part).toMatchObject({ damaged: 1, scanned: 4, total: 4, cursor: null })
    expect(await foundation.audit.tail(undefined, ['integrity.failed'])).toHaveLength(1)
  })

  it('finds nothing in reports above the clearance, the missed findings neither', async () => {
    const { search, missed, orders } = await opened(reports)
    const before = [found(await search({ keyword: '气胸' })), (await missed()).findings.length] as const
    expect(before[0]).toEqual(['A1.2.2', 'A1.2.1'])
    expect(before[1]).toBeGreaterThan(0)
    await orders.importOrders(
      reports.map(({ study = '' }, at) =>
        anOrder(`L${at}`, { studyInstanceUid: study, sensitivity: at === 1 ? 'general' : 'sensitive' }),
      ),
      { kind: 'cli', id: 'test' },
    )
    expect(found(await search({ keyword: '气胸' }))).toEqual(['A1.2.2'])
    expect((await missed()).findings).toEqual([])
  })

  it('is audited: who, for what, how much was found; each part', async () => {
    const { search, foundation } = await opened(reports, { budget: { reports: 2, ms: 60_000 } })
    const { cursor } = await search({ keyword: '气胸' })
    await search({ keyword: '气胸', cursor })
    const rows = await foundation.audit.tail(undefined, ['report.searched'])
    expect(rows).toMatchObject([
      { actor: 'account:li', detail: { continued: true, found: 2, scanned: 4 } },
      {
        actor: 'account:li',
        detail: { keyword: '气胸', continued: false, found: 0, scanned: 2 },
      },
    ])
    const stored = await foundation.store.db.selectFrom('audit').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain('气胸')
  })
})

describe('those who may be searched for', () => {
  it('are who signed a report', async () => {
    const { handlers, request } = await opened(reports.slice(0, 3))
    expect(await handlers.reportAuthors(request('li') as never)).toEqual({
      authors: [
        { accountId: 'li', name: '李医师' },
        { accountId: 'wang', name: '王医师' },
      ],
    })
  })
})

describe('a list that is taken out', () => {
  it('is audited', async () => {
    const { handlers, request, foundation } = await opened()
    const body = { list: 'missed', format: 'xlsx', rows: 12 } as const
    await handlers.recordRetrospectExport(request('li', { body }) as never)
    expect(await foundation.audit.tail(undefined, ['retrospect.exported'])).toMatchObject([
      { actor: 'account:li', detail: body },
    ])
  })
})
