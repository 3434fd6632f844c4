import { compileRules, lockedRules } from '../../shared/access/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Claims } from '../claims/index.ts'
import type { Critical } from '../critical/index.ts'
import type { Foundation } from '../foundation.ts'
import { type Orders, studyIndex } from '../orders/index.ts'
import type { Reports } from '../reports/index.ts'
import type { GivenLabels, ObjectLabels, RuleVersions } from '../sensitivity/index.ts'
import { createChangeReader, type WorklistChange } from './changes.ts'
import type { Exam } from './exam.ts'
import { createExams, type Exams } from './exams.ts'
import { createStudyList } from './study-list.ts'

export interface KeeperSources {
  archive: Archive
  orders: Pick<Orders, 'newest' | 'byIds' | 'samePatient' | 'survivorOf'>
  reports: Pick<Reports, 'summaries'>
  critical: Pick<Critical, 'counts'>
  claims: Pick<Claims, 'read'>
  labels: Pick<GivenLabels, 'read'>
  objectLabels: Pick<ObjectLabels, 'patients' | 'reports'>
  ruleVersions: Pick<RuleVersions, 'current'>
  /** Display names by account id, from the identity capability. */
  displayNames: () => Promise<ReadonlyMap<string, string>>
}

/** The exams in memory, kept up to what is in the store and the archive. */
export interface Keeper {
  /**
   * Takes in what changed since the last time; all there is, the first time. Afterwards the exams hold everything that was
   * committed before the call. @throws VigilError `archive-unavailable` where the archive has not answered even once.
   */
  sync(): Promise<Exams>
  /** Done once rules and labels have been read: before that nothing may be decided by them. */
  labelled(): Promise<void>
  /** As they are now; empty before the first `sync` is through. */
  readonly exams: Exams
  /** Another whenever something changed. */
  revision(): number
  /** Something that is not among the exams changed what is seen of them. */
  touch(): void
}

/** How many studies are put before other work gets its turn, while everything is read. */
const putAtOnce = 2000
const pause = () => new Promise<void>((resolve) => setImmediate(resolve))

export function createKeeper(
  { store, protection, clock }: Pick<Foundation, 'store' | 'protection' | 'clock'>,
  sources: KeeperSources,
  /** Called after whatever was read, also where it changed no exam: a label may be of a study that is not among them. */
  changed: (change: { removed: Set<Exam>; added: Exam[] }) => void,
): Keeper {
  const { orders, reports, critical, claims, labels, objectLabels, ruleVersions, displayNames } = sources
  const exams = createExams((uid) => studyIndex(protection, uid))
  const changes = createChangeReader(store)
  const list = createStudyList(sources.archive)
  let taken: readonly StudySummary[] | null = null
  let whole = false
  let labelled = false
  // Another after each start of the gateway.
  let revision = clock()
  let syncing: Promise<void> | null = null
  let again: Promise<void> | null = null

  async function readOrders(ids: readonly string[]): Promise<void> {
    const found = new Map((await orders.byIds(ids)).map((order) => [order.id, order]))
    for (const id of ids) exams.putOrder(id, found.get(id) ?? null)
  }

  async function readStandings(studyIndexes?: readonly string[]): Promise<void> {
    const [report, alerts, claim, label] = await Promise.all([
      reports.summaries(studyIndexes),
      critical.counts(studyIndexes),
      claims.read(studyIndexes),
      labels.read(studyIndexes),
    ])
    const found = [report, alerts, claim, label].flatMap((map) => [...map.keys()])
    const all = studyIndexes ?? new Set([...exams.withStanding(), ...found])
    for (const index of all)
      exams.putStanding(index, {
        report: report.get(index),
        alerts: alerts.get(index),
        claim: claim.get(index),
        label: label.get(index),
      })
  }

  /** Merges count: whoever is on a list by an id that was merged stays on it. */
  async function readLabels(): Promise<void> {
    const survivorOf = await orders.survivorOf()
    const version = await ruleVersions.current()
    exams.putLabels({
      rules: version ? compileRules(version.rules, survivorOf) : lockedRules,
      ofPatient: await objectLabels.patients(survivorOf),
      ofReports: await objectLabels.reports(),
    })
    labelled = true
  }

  async function takeStudies(): Promise<void> {
    const studies = await list.current()
    if (studies === taken) return
    taken = studies
    const gone = new Set(exams.studies().keys())
    let put = 0
    for (const study of studies) {
      gone.delete(study.studyInstanceUid)
      const known = exams.studies().get(study.studyInstanceUid)
      if (known && sameStudy(known, study)) continue
      exams.putStudy(study.studyInstanceUid, study)
      put += 1
      if (!whole && put % putAtOnce === 0) await pause()
    }
    for (const uid of gone) exams.putStudy(uid, null)
  }

  async function readAll(): Promise<void> {
    whole = false
    // First where to go on from: what changes meanwhile is read twice, and nothing is missed.
    await changes.begin()
    exams.putNames(await displayNames())
    exams.putMerges(await orders.samePatient())
    await readLabels()
    await readStandings()
    for await (const batch of orders.newest()) {
      for (const { id, ...order } of batch) exams.putOrder(id, order)
      await pause()
    }
    whole = true
    await takeStudies()
  }

  async function readChanges(found: readonly WorklistChange[]): Promise<void> {
    const keys = (source: WorklistChange['source']) => [
      ...new Set(found.filter((change) => change.source === source).map(({ key }) => key)),
    ]
    if (keys('account').length > 0) exams.putNames(await displayNames())
    if (keys('merge').length > 0) exams.putMerges(await orders.samePatient())
    if (keys('merge').length > 0 || keys('labels').length > 0) await readLabels()
    const [ordered, studies] = [keys('order'), keys('study')]
    // Claims of an account that was disabled are none.
    if (keys('account').length > 0) studies.push(...claimedStudies())
    if (ordered.length > 0) await readOrders(ordered)
    if (studies.length > 0) await readStandings([...new Set(studies)])
  }

  const claimedStudies = () =>
    [...exams.all()].flatMap(({ claim, studyIndex: index }) => (claim && index !== null ? [index] : []))

  async function run(): Promise<void> {
    const found = whole ? await changes.next() : null
    if (!found) await readAll()
    else {
      if (found.length > 0) {
        // Until they have been taken in, nothing is up to date.
        whole = false
        await readChanges(found)
        whole = true
      }
      await takeStudies()
    }
    const change = exams.settle()
    const same = change.removed.size === 0 && change.added.length === 0
    if (same && found?.length === 0) return
    if (!same) revision += 1
    changed(change)
  }

  /** One at a time; whoever asks while one is under way waits for the next, which sees what they saw. */
  function sync(): Promise<void> {
    const start = () => {
      again = null
      syncing = run().finally(() => {
        syncing = null
      })
      return syncing
    }
    if (!syncing) return start()
    again ??= syncing.then(start, start)
    return again
  }

  return {
    exams,
    sync: async () => {
      await sync()
      return exams
    },
    labelled: async () => {
      if (!labelled) await readLabels()
    },
    revision: () => revision,
    touch: () => {
      revision += 1
    },
  }
}

/** Flat but for the modalities. */
function sameStudy(a: StudySummary, b: StudySummary): boolean {
  for (const name of Object.keys(a) as (keyof StudySummary)[]) {
    if (name !== 'modalities' && a[name] !== b[name]) return false
  }
  return (
    a.modalities.length === b.modalities.length && a.modalities.every((one, at) => one === b.modalities[at])
  )
}
