import type { Sensitivity } from '../../shared/access/index.ts'
import { strictest } from '../../shared/access/index.ts'
import type { WorklistQuery } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { WorklistRow, WorklistSort } from '../../shared/worklist/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { type Orders, studyIndex } from '../orders/index.ts'
import type { BrokenGlass, LabelOf } from '../sensitivity/index.ts'
import type { Exam } from './exam.ts'
import { matches, startOfDay } from './filter.ts'
import { createKeeper, type KeeperSources } from './keeper.ts'
import { createOrderings, type OrderingView } from './orderings.ts'
import { priorStudies } from './prior-studies.ts'
import { rowFor, type View, viewOf } from './view.ts'

/** The worklist: orders, studies, reports and alerts in one list, each person seeing what they may. */
export interface Worklist {
  readonly handlers: Handlers<'worklist' | 'priorStudies' | 'study'>
  /** The sensitivity label in force; for what is on the list from memory. */
  readonly labelOf: LabelOf
  /** UIDs of the likeliest comparisons, for what is got ahead within the gateway: whoever asks for them is asked for their right. */
  priorsOf(studyInstanceUid: string): string[]
  /** Takes in now what was just committed, so that it counts for the next request; somebody's view changed in any case. */
  refresh(): Promise<void>
  /** Reads everything, and from then on tells everybody what other processes changed. */
  start(): void
  stop(): Promise<void>
}

/** Whoever writes reports opens what waits for one; what the person may not open is not got ready for them. */
const waitsForReport = new Set<WorklistRow['reportStatus']>(['none', 'draft', 'rejected', 'submitted'])
const likelyStudy = ({
  studyInstanceUid: study,
  instanceCount: instances,
  reportStatus,
  masked,
}: WorklistRow) =>
  study !== null && !masked && waitsForReport.has(reportStatus) ? [{ study, instances }] : []

const readingOrder: WorklistSort = { column: 'reading-order', direction: 'ascending' }
/** Exams older than so many days are history, not work that waits. */
const recentDays = 7
/** How often the store is looked at for what other processes wrote, ms. */
const lookEveryMs = 1000
/** How many labels of studies that are not on the list are remembered. */
const mostUnlisted = 2000

export function createWorklist(
  deps: KeeperSources & {
    foundation: Pick<Foundation, 'store' | 'protection' | 'clock' | 'log'>
    announcements: Announcements
    orders: Orders
    glass: Pick<BrokenGlass, 'openTo'>
  },
): Worklist {
  const { foundation, announcements, archive, orders, labels, glass } = deps
  const { clock, log, protection } = foundation
  /** Labels of studies that the archive has and does not list; another map whenever something changed. */
  let unlisted = new Map<string, Sensitivity>()
  const keeper = createKeeper(foundation, deps, ({ removed, added }) => {
    orderings.replace(removed, added)
    unlisted = new Map()
  })
  const orderings = createOrderings(() => keeper.exams.all())

  async function viewFor(principal: SessionPrincipal): Promise<View> {
    return viewOf(principal, await glass.openTo(principal.sessionId), clock())
  }

  function orderingFor({ clearance, reports, alerts, now }: View): OrderingView {
    return { clearance, reports, alerts, recentFrom: startOfDay(now, 1 - recentDays) }
  }

  async function list({ filter, sort, offset, limit }: WorklistQuery, principal: SessionPrincipal) {
    await keeper.sync()
    const view = await viewFor(principal)
    const isWanted = matches(filter, view)
    const wanted: Exam[] = []
    let total = 0
    for (const { exam } of orderings.of(sort ?? readingOrder, orderingFor(view))) {
      if (!isWanted(exam)) continue
      if (total >= offset && wanted.length < limit) wanted.push(exam)
      total += 1
    }
    const rows = wanted.map((exam) => rowFor(exam, view, keeper.exams.nameOf))
    if (view.reports) archive.likelyNext?.(rows.flatMap(likelyStudy))
    return {
      rows,
      offset,
      total,
      revision: keeper.revision(),
      broken: archive.broken(),
    }
  }

  const labelOf: LabelOf = async (uid) => {
    const listed = keeper.exams.ofStudy(uid)
    if (listed) return listed.sensitivity
    // What changes while it is read belongs to the next map.
    const labelled = unlisted
    const known = labelled.get(uid)
    if (known) return known
    const { label, final } = await labelInStore(uid)
    if (labelled.size >= mostUnlisted) labelled.clear()
    if (final) labelled.set(uid, label)
    return label
  }

  /** Of a study that is not on the list; not final while the archive cannot say by which order it came. */
  async function labelInStore(uid: string): Promise<{ label: Sensitivity; final: boolean }> {
    const given = [...(await labels.read([studyIndex(protection, uid)])).values()]
    try {
      const { sensitivity } = await orders.ofStudy(await archive.study(uid))
      return { label: strictest([...given, sensitivity]), final: true }
    } catch (error) {
      if (!(error instanceof VigilError)) throw error
      const ordered = await orders.labelOfStudy(uid).catch((): Sensitivity => 'general')
      return { label: strictest([...given, ordered]), final: false }
    }
  }

  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null

  async function look(): Promise<void> {
    const before = keeper.revision()
    try {
      await keeper.sync()
    } catch (error) {
      const code = error instanceof VigilError ? error.code : 'internal'
      log.warn({ code }, 'worklist not read')
    }
    if (keeper.revision() !== before) announcements.announce({ kind: 'worklist-changed' })
  }

  return {
    labelOf,
    priorsOf(uid) {
      const { exams } = keeper
      const exam = exams.ofStudy(uid)
      if (!exam) return []
      const all: View = {
        accountId: '',
        clearance: 'highly-sensitive',
        reports: false,
        alerts: false,
        corrects: false,
        opened: new Set(),
        now: clock(),
      }
      const priors = priorStudies(exam, exams.othersOf(exam), exams.studies(), all)
      return priors.map(({ studyInstanceUid }) => studyInstanceUid)
    },
    async refresh() {
      keeper.touch()
      await keeper.sync()
      announcements.announce({ kind: 'worklist-changed' })
    },
    start() {
      const turn = () => {
        looking ??= look().finally(() => {
          looking = null
        })
      }
      turn()
      timer = setInterval(turn, lookEveryMs)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await looking
    },
    handlers: {
      worklist: ({ body, principal }) => list(body, principal),

      async priorStudies({ params, principal }) {
        const exams = await keeper.sync()
        const exam = exams.ofStudy(params.study)
        if (!exam) {
          await archive.study(params.study)
          return { priors: [] }
        }
        const view = await viewFor(principal)
        return { priors: priorStudies(exam, exams.othersOf(exam), exams.studies(), view) }
      },

      study: async ({ params, principal }) => {
        const study = await archive.study(params.study, principal.sessionId)
        const { kept, damaged } = await orders.ofStudy(study)
        return {
          study,
          order: kept?.order ?? null,
          sensitivity: await labelOf(params.study),
          ...(damaged ? { orderDamaged: true } : {}),
        }
      },
    },
  }
}
