import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DictionaryContent,
  type DictionaryVersion,
  type DryRun,
  type DryRunHit,
} from '../../../src/shared/api/dictionary.ts'
import { dictionaryProblems } from '../../../src/shared/dictionary/index.ts'
import type { FakeWorkstation } from './fake-workstation.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** The dictionary that the product comes with. */
export function defaultContent(): DictionaryContent {
  const path = join(import.meta.dirname, '../../../assets/dictionary/default.json')
  return DictionaryContent.parse(JSON.parse(readFileSync(path, 'utf8')))
}

interface Kept {
  row: DictionaryVersion
  content: DictionaryContent
}

const sizes = ({ entries }: DictionaryContent) => ({
  entries: entries.length,
  terms: entries.reduce((sum, { terms }) => sum + terms.length, 0),
})

const me = { accountId: 'account-quality-manager', name: '李明华' }
export const colleague = { accountId: 'account-other', name: '周启明' }

/** The gateway's dictionary, by its rules of revisions and second persons, behind the fake workstation's calls. */
export function dictionaryDesk(fake: FakeWorkstation, content = defaultContent(), now = Date.now()) {
  const { handlers, fail } = fake
  const kept: Kept[] = []
  let run: DryRun | null = null

  const rowOf = (version: string, given: Partial<DictionaryVersion>): DictionaryVersion => ({
    version,
    state: 'published',
    revision: 1,
    base: '',
    note: '',
    createdAt: now - 90 * day,
    createdBy: 'gateway',
    changedAt: now - 90 * day,
    editors: [],
    testedAt: null,
    testedBy: '',
    publishedAt: now - 90 * day,
    approvedBy: 'gateway',
    entries: 0,
    terms: 0,
    ...given,
  })
  const put = (row: DictionaryVersion, of: DictionaryContent) =>
    kept.unshift({ row: { ...row, ...sizes(of) }, content: of })
  const draft = () => kept.find(({ row }) => row.state === 'draft' || row.state === 'tested')
  const inForce = () => kept.find(({ row }) => row.state === 'published')?.row.version ?? ''
  const mustBe = (revision: number): Kept => {
    const open = draft() ?? fail('not-found')
    if (open.row.revision !== revision) fail('conflict', { field: 'dictionary' })
    return open
  }

  put(rowOf('D1', {}), content)

  const begin = (by = me, from = inForce()) => {
    const base = kept.find(({ row }) => row.version === from) ?? fail('not-found')
    if (draft()) fail('conflict', { field: 'dictionary' })
    const fresh = { createdAt: now, changedAt: now, createdBy: by.name, publishedAt: null, approvedBy: '' }
    const version = `D${kept.length + 1}`
    put(rowOf(version, { state: 'draft', base: from, editors: [by], ...fresh }), base.content)
    return kept[0] as Kept
  }
  const save = (baseRevision: number, next: DictionaryContent, note: string, by = me) => {
    const open = mustBe(baseRevision)
    if (dictionaryProblems(next).some(({ severity }) => severity === 'error')) fail('dictionary-invalid')
    const editors = open.row.editors.some(({ accountId }) => accountId === by.accountId)
      ? open.row.editors
      : [...open.row.editors, by]
    const changed = { state: 'draft' as const, testedAt: null, testedBy: '', changedAt: Date.now(), note }
    open.row = { ...open.row, ...changed, editors, revision: baseRevision + 1, ...sizes(next) }
    open.content = next
    return open.row
  }

  handlers['dictionary.versions'] = () => ({ versions: kept.map(({ row }) => row), inForce: inForce() })
  handlers['dictionary.version'] = ({ version }) => {
    const found = kept.find(({ row }) => row.version === version) ?? fail('not-found')
    return { version: found.row, content: found.content }
  }
  handlers['dictionary.begin-draft'] = ({ from }) => begin(me, from).row
  handlers['dictionary.save-draft'] = ({ baseRevision, content: next, note }) =>
    save(baseRevision, next, note ?? '')
  handlers['dictionary.discard-draft'] = () => {
    const open = draft() ?? fail('not-found')
    open.row = { ...open.row, state: 'discarded' }
    return {}
  }
  handlers['dictionary.begin-dry-run'] = ({ revision, months }) => {
    mustBe(revision)
    run = { ...emptyRun, state: 'running', revision, months, total: 1200 }
    return run
  }
  handlers['dictionary.dry-run'] = () => {
    if (!run) return fail('not-found')
    if (run.state === 'running') {
      const scanned = Math.min(run.total, run.scanned + 600)
      run = { ...run, scanned }
      if (scanned === run.total) finish()
    }
    return run
  }
  handlers['dictionary.publish'] = ({ revision }) => {
    const open = mustBe(revision)
    if (open.row.state !== 'tested') fail('dictionary-untested')
    if (open.row.editors.some(({ accountId }) => accountId === me.accountId)) fail('second-person-required')
    open.row = { ...open.row, state: 'published', publishedAt: Date.now(), approvedBy: me.name }
    fake.emit({ kind: 'dictionary-changed' })
    return open.row
  }
  handlers['retrospect.export'] = ({ fileName }) => ({ path: `/chosen/${fileName}` })

  const finish = () => {
    if (!run) return
    run = { ...run, state: 'done', scanned: run.total, ...dryRunHits(now) }
    const open = draft()
    if (open) open.row = { ...open.row, state: 'tested', testedAt: Date.now(), testedBy: me.name }
  }
  return {
    draft,
    begin,
    save,
    inForce,
    /** As if the dry run of the draft had been made before. */
    test: () => {
      run = { ...emptyRun, revision: draft()?.row.revision ?? 0, months: 6, total: 1200 }
      finish()
    },
  }
}

const emptyRun: DryRun = {
  id: 'run-1',
  state: 'running',
  revision: 0,
  months: 3,
  scanned: 0,
  total: 0,
  fires: [],
  stops: [],
  firesCount: 0,
  stopsCount: 0,
  byType: [],
}

function dryRunHits(now: number) {
  const hit = (n: number, given: Partial<DryRunHit>): DryRunHit => ({
    reportId: `report-${n}`,
    studyInstanceUid: `1.2.826.0.1.99.${n}`,
    accessionNumber: `CT20261122${String(n).padStart(3, '0')}`,
    signedAt: now - n * 60 * minute,
    modality: 'CT',
    type: 'PULMONARY_EMBOLISM',
    typeName: '肺栓塞',
    term: '肺动脉充盈缺损',
    grade: 'possible',
    section: 'findings',
    excerpt: '双肺动脉主干及分支显影良好，右下肺动脉远端可疑肺动脉充盈缺损，请结合临床除外其他原因',
    start: 23,
    end: 30,
    ...given,
  })
  return {
    fires: Array.from({ length: 40 }, (_, n) => hit(n, {})),
    stops: [
      hit(90, {
        type: 'MASSIVE_PLEURAL_EFFUSION',
        typeName: '大量胸腔积液',
        term: '大量胸腔积液',
        grade: 'positive',
        excerpt: '左侧大量胸腔积液。',
        start: 2,
        end: 8,
      }),
    ],
    firesCount: 540,
    stopsCount: 1,
    byType: [
      { type: 'PULMONARY_EMBOLISM', typeName: '肺栓塞', before: 12, after: 552 },
      { type: 'MASSIVE_PLEURAL_EFFUSION', typeName: '大量胸腔积液', before: 31, after: 30 },
      { type: 'PNEUMOTHORAX', typeName: '大量气胸', before: 44, after: 44 },
    ],
  }
}
