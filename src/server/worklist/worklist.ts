import {
  compileRules,
  type FieldLabels,
  isCleared,
  type LabelRules,
  type ProtectedField,
  strictest,
} from '../../shared/access/index.ts'
import type { LabelRulesTrial, WorklistQuery } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import { unveiledOrder, veiledOrder, veiledStudy } from '../../shared/order/veil.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { WorklistRow, WorklistSort } from '../../shared/worklist/index.ts'
import type { Announcements, Foundation, SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { examFacts, type Orders, studyIndex } from '../orders/index.ts'
import {
  type BrokenGlass,
  type ExamAccess,
  type LabelOf,
  noLabels,
  type RevealedExam,
  type Veils,
} from '../sensitivity/index.ts'
import { type Exam, standingOf } from './exam.ts'
import { labelByFacts, labelledFacts } from './exams.ts'
import { matches, startOfDay } from './filter.ts'
import { createKeeper, type KeeperSources } from './keeper.ts'
import { createOrderings, type OrderingView } from './orderings.ts'
import { priorStudies } from './prior-studies.ts'
import { everything, hiddenOf, isMasked, rowFor, type View, viewOf } from './view.ts'

/** The worklist: orders, studies, reports and alerts in one list, each person seeing what they may. */
export interface Worklist {
  readonly handlers: Handlers<'worklist' | 'priorStudies' | 'study'>
  /** The sensitivity label in force; for what is on the list from memory. */
  readonly labelOf: LabelOf
  /** What access to a study is decided by; for what is on the list from memory. */
  access(studyInstanceUid: string): Promise<ExamAccess>
  readsPatient(accountId: string, patientId: string): boolean
  labelOfText(text: string): ExamAccess['label']
  fieldLabels(): Promise<FieldLabels>
  /** Empty where the study is not on the list. */
  accessionOf(studyInstanceUid: string): string
  /** An exam as far as who asks for the patient's identity needs it; null where it is not on the list. */
  find(
    principal: SessionPrincipal,
    exam: { studyInstanceUid: string | null; accessionNumber: string },
  ): Promise<RevealedExam | null>
  /** The facts of an exam that `find` found, read anew. */
  factsOf(exam: RevealedExam): Promise<{ order: Order | null; study: StudySummary | null }>
  /** The fields of a study that a person sees masked. */
  hiddenOf(principal: SessionPrincipal, studyInstanceUid: string): Promise<ReadonlySet<ProtectedField>>
  /** The same of many studies, with whose they are: for whatever answers with names. */
  veils(principal: SessionPrincipal): Promise<Veils>
  /** A correction of an order by who saw it veiled: what they left as they saw it stays as it was. */
  unveiled<T extends Partial<Order>>(principal: SessionPrincipal, typed: T): Promise<T>
  /** What these rules would do to the exams on the list. */
  tryRules(rules: LabelRules): Promise<LabelRulesTrial>
  /** Takes in now what was just committed, without telling anybody. */
  catchUp(): Promise<void>
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
    foundation: Pick<Foundation, 'store' | 'protection' | 'clock' | 'log' | 'policies'>
    announcements: Announcements
    orders: Orders
    glass: Pick<BrokenGlass, 'openTo'>
  },
): Worklist {
  const { foundation, announcements, archive, orders, glass } = deps
  const { clock, log, protection, policies } = foundation
  /** Of studies that the archive has and does not list; another map whenever something changed. */
  let unlisted = new Map<string, ExamAccess>()
  const keeper = createKeeper(foundation, deps, ({ removed, added }) => {
    orderings.replace(removed, added)
    unlisted = new Map()
  })
  const orderings = createOrderings(() => keeper.exams.all())

  async function viewFor(principal: SessionPrincipal): Promise<View> {
    const now = clock()
    await keeper.labelled()
    const seen = {
      opened: await glass.openTo(principal.sessionId),
      now,
      fields: keeper.exams.labels().rules.fields,
      readsPatient: (patientId: string) => keeper.exams.readsPatient(principal.accountId, patientId, now),
    }
    return viewOf(principal, seen, policies.current().access)
  }

  function orderingFor({ clearance, openings, reader, ...view }: View): OrderingView {
    const { reports, alerts, now, today, relationshipDays } = view
    return {
      clearance,
      openings,
      reader: { ...reader, accountId: null },
      today,
      relationshipDays,
      reports,
      alerts,
      recentFrom: startOfDay(now, 1 - recentDays),
    }
  }

  async function list({ filter, sort, offset, limit }: WorklistQuery, principal: SessionPrincipal) {
    await keeper.sync()
    const view = await viewFor(principal)
    const isWanted = matches(filter, view)
    const ordered = orderings.of(sort ?? readingOrder, orderingFor(view))
    let wanted: Exam[] = []
    let total = 0
    if (isWanted) {
      for (const { exam } of ordered) {
        if (!isWanted(exam)) continue
        if (total >= offset && wanted.length < limit) wanted.push(exam)
        total += 1
      }
    } else {
      total = ordered.length
      wanted = ordered.slice(offset, offset + limit).map(({ exam }) => exam)
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

  const access = async (uid: string): Promise<ExamAccess> => {
    const listed = keeper.exams.ofStudy(uid)
    if (listed) return accessOf(listed)
    // What changes while it is read belongs to the next map.
    const labelled = unlisted
    const known = labelled.get(uid)
    if (known) return known
    const { found, final } = await accessInStore(uid)
    if (labelled.size >= mostUnlisted) labelled.clear()
    if (final) labelled.set(uid, found)
    return found
  }
  const labelOf: LabelOf = async (uid) => (await access(uid)).label

  const accessOf = (exam: Exam): ExamAccess => ({
    label: exam.sensitivity,
    reportLabel: exam.reportLabel,
    standing: standingOf(exam, clock()),
    patientId: exam.full.row.patientId,
  })

  /** Of a study that is not on the list; not final while the archive cannot say by which order it came. */
  async function accessInStore(uid: string): Promise<{ found: ExamAccess; final: boolean }> {
    const index = studyIndex(protection, uid)
    await keeper.labelled()
    const [given, reports, claims] = await Promise.all([
      deps.labels.read([index]),
      deps.reports.summaries([index]),
      deps.claims.read([index]),
    ])
    const examLabels = keeper.exams.labels()
    const asFound = (label: ExamAccess['label'], patientId: string, examAt: number | null): ExamAccess => ({
      label: strictest([...given.values(), label]),
      reportLabel: examLabels.ofReports.get(index) ?? 'general',
      standing: standingOf(
        {
          report: reports.get(index) ?? null,
          claim: claims.get(index) ?? null,
          full: { row: { examAt } },
        },
        clock(),
      ),
      patientId,
    })
    try {
      const study = await archive.study(uid)
      const { sensitivity, fitting, kept } = await orders.ofStudy(study)
      const byFacts = labelByFacts(labelledFacts(fitting, study), examLabels)
      const { patientId, examAt } = examFacts(kept?.order ?? null, study)
      // A claim ends by its time, of which nothing tells.
      const final = claims.size === 0
      return { found: asFound(strictest([sensitivity, byFacts]), patientId, examAt), final }
    } catch (error) {
      if (!(error instanceof VigilError)) throw error
      const ordered = await orders.byStudy(uid).catch(() => null)
      const byFacts = ordered ? labelByFacts(labelledFacts([ordered.order], null), examLabels) : 'general'
      const label = await orders.labelOfStudy(uid).catch((): ExamAccess['label'] => 'general')
      return {
        found: asFound(strictest([label, byFacts]), ordered?.order.patientId ?? '', null),
        final: false,
      }
    }
  }

  async function find(
    principal: SessionPrincipal,
    { studyInstanceUid, accessionNumber }: { studyInstanceUid: string | null; accessionNumber: string },
  ): Promise<RevealedExam | null> {
    const exams = await keeper.sync()
    const exam =
      studyInstanceUid === null ? exams.byAccession(accessionNumber) : exams.ofStudy(studyInstanceUid)
    if (!exam) return null
    const { label, standing, patientId } = accessOf(exam)
    return {
      studyInstanceUid: exam.full.row.studyInstanceUid,
      studyIndex: exam.studyIndex,
      accessionNumber: exam.full.row.accessionNumber,
      patientId,
      label,
      standing,
      masked: isMasked(exam, await viewFor(principal)),
    }
  }

  async function factsOf({ studyInstanceUid, accessionNumber }: RevealedExam) {
    if (studyInstanceUid === null) {
      const kept = await orders.byAccession(accessionNumber)
      return { order: kept?.order ?? null, study: null }
    }
    const study = await archive.study(studyInstanceUid)
    const { kept } = await orders.ofStudy(study)
    return { order: kept?.order ?? null, study }
  }

  const veils: Worklist['veils'] = async (principal) => {
    const view = await viewFor(principal)
    return (uid) => {
      const row = keeper.exams.ofStudy(uid)?.full.row
      const known = {
        patientName: row?.patientName ?? '',
        patientIds: row ? [row.patientId, row.imagingNumber] : [],
      }
      const opened = view.opened.size > 0 && view.opened.has(studyIndex(protection, uid))
      return { hidden: opened ? new Set() : hiddenOf(view, row?.examAt ?? null), known }
    }
  }

  const unveiled: Worklist['unveiled'] = async (principal, typed) => {
    const known = typed.accessionNumber ? await orders.byAccession(typed.accessionNumber) : null
    if (!known) return typed
    const view = await viewFor(principal)
    return unveiledOrder(typed, known.order, hiddenOf(view, known.order.scheduledAt))
  }

  async function tryRules(rules: LabelRules): Promise<LabelRulesTrial> {
    const exams = await keeper.sync()
    const compiled = compileRules(rules, await orders.survivorOf())
    const now = { ...exams.labels(), rules: compiled }
    const perRule = new Map(rules.rules.map(({ id }) => [id, 0]))
    const trial: LabelRulesTrial = { exams: 0, perRule: [], labelled: noLabels(), raised: 0, lowered: 0 }
    for (const exam of exams.all()) {
      const { label, holding } = exams.tried(exam, now)
      for (const id of holding) perRule.set(id, (perRule.get(id) ?? 0) + 1)
      trial.exams += 1
      trial.labelled[label] = (trial.labelled[label] ?? 0) + 1
      if (label !== exam.sensitivity) trial[isCleared(label, exam.sensitivity) ? 'raised' : 'lowered'] += 1
      // Everybody else's requests go on.
      if (trial.exams % 5000 === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    }
    trial.perRule = [...perRule].map(([id, count]) => ({ id, exams: count }))
    return trial
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
    access,
    readsPatient: (accountId, patientId) => keeper.exams.readsPatient(accountId, patientId, clock()),
    labelOfText: (text) => keeper.exams.labels().rules.labelOfText(text),
    accessionOf: (uid) => keeper.exams.ofStudy(uid)?.full.row.accessionNumber ?? '',
    find,
    factsOf,
    hiddenOf: async (principal, uid) => (await veils(principal))(uid).hidden,
    veils,
    fieldLabels: async () => {
      await keeper.labelled()
      return keeper.exams.labels().rules.fields
    },
    unveiled,
    tryRules,
    catchUp: async () => void (await keeper.sync()),
    priorsOf(uid) {
      const { exams } = keeper
      const exam = exams.ofStudy(uid)
      if (!exam) return []
      const priors = priorStudies(exam, exams.othersOf(exam), exams.studies(), everything(clock()))
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
        const view = await viewFor(principal)
        const { examAt } = examFacts(kept?.order ?? null, study)
        const opened = view.opened.has(studyIndex(protection, params.study))
        const hidden = opened ? new Set<ProtectedField>() : hiddenOf(view, examAt)
        return {
          study: veiledStudy(study, hidden),
          order: kept ? veiledOrder(kept.order, hidden) : null,
          sensitivity: await labelOf(params.study),
          ...(hidden.size > 0 ? { hidden: [...hidden] } : {}),
          ...(damaged ? { orderDamaged: true } : {}),
        }
      },
    },
  }
}
