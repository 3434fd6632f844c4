import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openTestFoundation } from '../../foundation.ts'
import { addAuthors, type DocumentFacts, writeSigned } from '../../reports/signed-documents.ts'
import { contentOf, openDictionary } from './on-a-store.ts'

const close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one()
})

const day = 86_400_000
const now = Date.UTC(2026, 10, 22, 8)
const report = (study: string, findings: string, more: Partial<DocumentFacts> = {}): DocumentFacts => ({
  study,
  findings,
  signedAt: now - day,
  ...more,
})

async function opened(
  documents: DocumentFacts[],
  content = contentOf('LARGE_PNEUMOTHORAX', 'PULMONARY_EMBOLISM'),
) {
  const foundation = await openTestFoundation({}, { now })
  close.push(() => foundation.close())
  await addAuthors(foundation, { li: '李医师' })
  const ids = await writeSigned(foundation, documents)
  const dictionary = await openDictionary(foundation, { version: 'default-1', ...content })
  const draft = async (after: typeof content) => {
    await dictionary.call('an', 'beginDictionaryDraft', { body: {} })
    const body = { baseRevision: 1, content: after, note: '' }
    return (await dictionary.call('an', 'saveDictionaryDraft', { body })).revision
  }
  return { foundation, ids, ...dictionary, draft }
}

describe('a dry run', () => {
  it('shows what would newly fire and what would stop, where, and the counts by type', async () => {
    const { draft, dryRun } = await opened([
      report('1.2.1', '右侧气胸。', { impression: '考虑肺栓塞。' }),
      report('1.2.2', '未见气胸。左侧张力性气胸。'),
      report('1.2.3', '未见肺栓塞。'),
    ])
    const revision = await draft(contentOf('TENSION_PNEUMOTHORAX', 'PULMONARY_EMBOLISM'))
    const run = await dryRun('an', revision)
    expect(run).toMatchObject({
      state: 'done',
      scanned: 3,
      total: 3,
      firesCount: 1,
      stopsCount: 1,
      fires: [
        {
          accessionNumber: 'A1.2.2',
          typeName: '张力性气胸',
          grade: 'positive',
          section: 'findings',
          modality: 'CT',
        },
      ],
      stops: [{ accessionNumber: 'A1.2.1', excerpt: '右侧气胸。', start: 2, end: 4 }],
    })
    expect(run.byType).toContainEqual({ type: 'PULMONARY_EMBOLISM', typeName: '肺栓塞', before: 1, after: 1 })
    expect(run.byType).toContainEqual({
      type: 'LARGE_PNEUMOTHORAX',
      typeName: '大量气胸',
      before: 1,
      after: 0,
    })
  })

  it('judges each report by its own exam', async () => {
    const content = contentOf('LARGE_PNEUMOTHORAX')
    const { draft, dryRun } = await opened(
      [
        report('1.2.1', '右侧气胸。', { exam: { modality: 'CT' } }),
        report('1.2.2', '右侧气胸。', { exam: { modality: 'DX' } }),
      ],
      content,
    )
    const revision = await draft({
      ...content,
      entries: content.entries.map((entry) => ({ ...entry, scope: { modalities: ['CT'] } })),
    })
    const run = await dryRun('an', revision)
    expect(run.stops.map(({ modality }) => modality)).toEqual(['DX'])
    expect(run.firesCount).toBe(0)
  })

  it('looks at the newest version of each report of the last months', async () => {
    const { draft, dryRun } = await opened([
      report('1.2.1', '右侧气胸。', { signedAt: now - 40 * day }),
      report('1.2.1', '无气胸。', { signedAt: now - 2 * day, version: 2 }),
      report('1.2.2', '右侧气胸。', { signedAt: now - 40 * day }),
    ])
    const revision = await draft(contentOf('PULMONARY_EMBOLISM'))
    expect(await dryRun('an', revision, 1)).toMatchObject({ scanned: 1, stopsCount: 0 })
    expect(await dryRun('an', revision, 2)).toMatchObject({ scanned: 2, stopsCount: 1 })
  })

  it('goes on over a report that was changed, which is told', async () => {
    const { foundation, ids, draft, dryRun } = await opened([
      report('1.2.1', '右侧气胸。'),
      report('1.2.2', '右侧气胸。'),
    ])
    await sql`drop trigger report_versions_no_update`.execute(foundation.store.db)
    await foundation.store.db
      .updateTable('report_versions')
      .set({ sealed_document: 'v1.AAAA' })
      .where('id', '=', ids[0] ?? '')
      .execute()
    const run = await dryRun('an', await draft(contentOf('PULMONARY_EMBOLISM')))
    expect(run).toMatchObject({ state: 'done', scanned: 2, stopsCount: 1 })
    expect(await foundation.audit.tail(undefined, ['integrity.failed'])).toHaveLength(1)
    const [told] = await foundation.audit.tail(undefined, ['dictionary.tested'])
    expect(told?.detail).toMatchObject({ scanned: 2, damaged: 1, stops: 1 })
  })

  it('lists so many, and counts all', async () => {
    const many = Array.from({ length: 520 }, (_, i) => report(`1.2.${i}`, '右侧气胸。'))
    const { draft, dryRun } = await opened(many)
    const run = await dryRun('an', await draft(contentOf('PULMONARY_EMBOLISM')))
    expect([run.stops.length, run.stopsCount]).toEqual([500, 520])
  })

  it('of a draft that is changed meanwhile does not make it tested', async () => {
    const many = Array.from({ length: 300 }, (_, i) => report(`1.2.${i}`, '右侧气胸。'.repeat(200)))
    const { draft, call } = await opened(many)
    const revision = await draft(contentOf('PULMONARY_EMBOLISM'))
    const run = await call('an', 'beginDryRun', { body: { revision, months: 1 } })
    expect(run.state).toBe('running')
    const content = contentOf('TENSION_PNEUMOTHORAX')
    await call('an', 'saveDictionaryDraft', { body: { baseRevision: revision, content, note: '' } })
    while ((await call('an', 'dryRun')).state === 'running') await new Promise((done) => setTimeout(done, 5))
    expect(await call('an', 'dryRun')).toMatchObject({ state: 'done', revision })
    const { version } = await call('an', 'dictionaryVersion', { params: { version: 'D2' } })
    expect(version).toMatchObject({ state: 'draft', testedAt: null })
  })

  it('takes the place of the one before; a restart forgets it', async () => {
    const many = Array.from({ length: 200 }, (_, i) => report(`1.2.${i}`, '右侧气胸。'.repeat(100)))
    const { foundation, draft, call, dryRun } = await opened(many)
    const revision = await draft(contentOf('PULMONARY_EMBOLISM'))
    const first = await call('an', 'beginDryRun', { body: { revision, months: 1 } })
    const second = await dryRun('bo', revision)
    expect(second.id).not.toBe(first.id)
    expect(second.scanned).toBe(200)
    expect(await foundation.audit.tail(undefined, ['dictionary.tested'])).toHaveLength(1)
    const restarted = await openDictionary(foundation)
    await expect(restarted.call('an', 'dryRun')).rejects.toMatchObject({ code: 'not-found' })
    // Tested is tested.
    const { versions } = await restarted.call('an', 'dictionaryVersions')
    expect(versions[0]).toMatchObject({ state: 'tested', testedBy: '薄医师' })
  })

  it('of another revision, or without a draft, is refused', async () => {
    const { draft, call } = await opened([])
    const body = { revision: 1, months: 1 }
    await expect(call('an', 'beginDryRun', { body })).rejects.toMatchObject({ code: 'not-found' })
    await draft(contentOf('PULMONARY_EMBOLISM'))
    await expect(call('an', 'beginDryRun', { body })).rejects.toMatchObject({ code: 'conflict' })
  })
})
