import {
  type CompiledRules,
  compileRules,
  type LabelledFacts,
  LabelRules,
  type Sensitivity,
  strictest,
} from '../../shared/access/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import { type KeptOrder, labelOfOrders, orderFits, preferred, type SamePatient } from '../orders/index.ts'
import { type Exam, examOf, type Standing, standingOf } from './exam.ts'

/** All exams in memory: what orders, studies and reports say, joined, and joined anew only where something changed. */
export interface Exams {
  putOrder(id: string, order: KeptOrder | null): void
  putStudy(studyInstanceUid: string, study: StudySummary | null): void
  studies(): ReadonlyMap<string, StudySummary>
  /** Of one study, by blind index. */
  putStanding(studyIndex: string, standing: Standing): void
  /** Blind indexes of the studies that something was put of. */
  withStanding(): Iterable<string>
  putMerges(samePatient: SamePatient): void
  putNames(names: ReadonlyMap<string, string>): void
  /** Rules, patients' and reports' labels. Only exams whose label or faces are others by them are joined anew. */
  putLabels(labels: ExamLabels): void
  labels(): ExamLabels
  /** The label that an exam would bear with these; `holding` are the ids of the rules that hold. */
  tried(exam: Exam, labels: ExamLabels): { label: Sensitivity; holding: Set<string> }
  /** Whether the account reads another exam of this patient: its draft or claim is theirs. */
  readsPatient(accountId: string, patientId: string, now: number): boolean
  /** By accession number: with images, or waiting for them. */
  byAccession(accessionNumber: string): Exam | undefined
  nameOf(accountId: string): string
  /** Joins what was put since the last time. */
  settle(): { removed: Set<Exam>; added: Exam[] }
  all(): Iterable<Exam>
  count(): number
  ofStudy(studyInstanceUid: string): Exam | undefined
  /** The other studies of the person whose exam it is, merged ids included. */
  othersOf(exam: Exam): Exam[]
}

/** What labels exams beside their orders and the labels that people gave to studies. */
export interface ExamLabels {
  rules: CompiledRules
  ofPatient(patientId: string): Sensitivity
  /** By blind study index. */
  ofReports: ReadonlyMap<string, Sensitivity>
}

/** While nobody has made rules. */
export const noExamLabels: ExamLabels = {
  rules: compileRules(LabelRules.parse({})),
  ofPatient: () => 'general',
  ofReports: new Map(),
}

const factsOfOrder = (order: Order): LabelledFacts => ({
  patientId: order.patientId,
  patientName: order.patientName,
  department: order.orderingDepartment,
  ward: order.ward,
  itemCode: order.itemCode,
  itemName: order.itemName,
  clinicalInfo: order.clinicalInfo,
})
const factsOfStudy = (study: StudySummary): LabelledFacts => ({
  patientId: study.patientId,
  patientName: study.patientName,
  department: '',
  ward: '',
  itemCode: '',
  itemName: study.description,
  clinicalInfo: '',
})
/** What the rules look at of one exam: each order that is the study's, and what the images say themselves. */
export const labelledFacts = (orders: readonly Order[], study: StudySummary | null): LabelledFacts[] => [
  ...orders.map(factsOfOrder),
  ...(study ? [factsOfStudy(study)] : []),
]
export function labelByFacts(facts: readonly LabelledFacts[], { rules, ofPatient }: ExamLabels): Sensitivity {
  return strictest(facts.flatMap((one) => [rules.labelOf(one), ofPatient(one.patientId)]))
}

/** Keys to several values each. */
function createIndex() {
  const entries = new Map<string, Set<string>>()
  return {
    of: (key: string): Iterable<string> => (key === '' ? [] : (entries.get(key) ?? [])),
    keys: () => entries.keys(),
    add(key: string, value: string) {
      const known = entries.get(key)
      if (known) known.add(value)
      else entries.set(key, new Set([value]))
    },
    remove(key: string, value: string) {
      const known = entries.get(key)
      known?.delete(value)
      if (known?.size === 0) entries.delete(key)
    },
  }
}

/**
 * One exam for each study, with its order where there is one; and for each order whose images have not come and that was not
 * cancelled. `studyIndexOf` is a keyed hash: it is made once for each study.
 */
export function createExams(studyIndexOf: (studyInstanceUid: string) => string): Exams {
  const orders = new Map<string, KeptOrder>()
  const ordersByUid = createIndex()
  const ordersByAccession = createIndex()
  const studies = new Map<string, StudySummary>()
  const studiesByAccession = createIndex()
  const studiesByPatient = createIndex()
  const indexByUid = new Map<string, string>()
  const uidByIndex = new Map<string, string>()
  const standings = new Map<string, Standing>()
  const exams = new Map<string, Exam>()
  const changedOrders = new Set<string>()
  const changedStudies = new Set<string>()
  let samePatient: SamePatient = (a, b) => a === b
  let names: ReadonlyMap<string, string> = new Map()
  let labels = noExamLabels
  /** Exams by who holds their draft or claim. */
  const examsByReader = createIndex()
  const readersOf = ({ report, claim }: Exam) =>
    new Set([report?.holder ?? '', claim?.accountId ?? ''].filter((id) => id !== ''))
  const nameOf = (accountId: string) => names.get(accountId) ?? ''

  const ordersNear = ({ studyInstanceUid, accessionNumber }: StudySummary) =>
    new Set([...ordersByUid.of(studyInstanceUid), ...ordersByAccession.of(accessionNumber)])
  const studiesNear = ({ order }: KeptOrder) => {
    const near = new Set(studiesByAccession.of(order.accessionNumber))
    const named = order.studyInstanceUid
    if (named !== undefined && studies.has(named)) near.add(named)
    return near
  }

  /** Each side of the join is looked at again where the other changed. */
  function touchOrder(id: string): void {
    changedOrders.add(id)
    const kept = orders.get(id)
    if (kept) for (const uid of studiesNear(kept)) changedStudies.add(uid)
  }
  function touchStudy(uid: string): void {
    changedStudies.add(uid)
    const study = studies.get(uid)
    if (study) for (const id of ordersNear(study)) changedOrders.add(id)
  }

  function joinStudy(study: StudySummary): Exam {
    const near = [...ordersNear(study)].map((id) => orders.get(id)!)
    const fitting = near.filter(({ order }) => orderFits(order, study, samePatient))
    const studyIndex = indexByUid.get(study.studyInstanceUid)!
    const standing = standings.get(studyIndex) ?? {}
    const facts = labelledFacts(
      fitting.map(({ order }) => order),
      study,
    )
    const label = strictest([
      standing.label ?? 'general',
      labelOfOrders(fitting),
      labelByFacts(facts, labels),
    ])
    const reportLabel = labels.ofReports.get(studyIndex)
    const order = preferred(fitting, study.studyInstanceUid) ?? null
    return examOf(
      order,
      study,
      { ...standing, label, reportLabel },
      {
        id: study.studyInstanceUid,
        studyIndex,
        nameOf,
        fields: labels.rules.fields,
      },
    )
  }

  /** Null where the images have come: its study stands for it. */
  function joinOrder(id: string): Exam | null {
    const kept = orders.get(id)
    if (!kept || kept.cancelledAt !== null) return null
    for (const uid of studiesNear(kept))
      if (orderFits(kept.order, studies.get(uid)!, samePatient)) return null
    const label = labelByFacts(labelledFacts([kept.order], null), labels)
    const { fields } = labels.rules
    return examOf(kept, null, { label }, { id: ` ${id}`, studyIndex: null, nameOf, fields })
  }

  return {
    putOrder(id, order) {
      const before = orders.get(id)
      if (before) {
        touchOrder(id)
        ordersByUid.remove(before.order.studyInstanceUid ?? '', id)
        ordersByAccession.remove(before.order.accessionNumber, id)
      }
      if (order) {
        orders.set(id, order)
        if (order.order.studyInstanceUid) ordersByUid.add(order.order.studyInstanceUid, id)
        ordersByAccession.add(order.order.accessionNumber, id)
      } else orders.delete(id)
      touchOrder(id)
    },

    putStudy(uid, study) {
      const before = studies.get(uid)
      if (before) {
        touchStudy(uid)
        studiesByAccession.remove(before.accessionNumber, uid)
      }
      if (study) {
        studies.set(uid, study)
        studiesByAccession.add(study.accessionNumber, uid)
        if (!indexByUid.has(uid)) {
          const index = studyIndexOf(uid)
          indexByUid.set(uid, index)
          uidByIndex.set(index, uid)
        }
      } else studies.delete(uid)
      touchStudy(uid)
    },
    studies: () => studies,

    putStanding(studyIndex, standing) {
      standings.set(studyIndex, standing)
      const uid = uidByIndex.get(studyIndex)
      if (uid !== undefined) changedStudies.add(uid)
    },

    withStanding: () => standings.keys(),

    putMerges(given) {
      samePatient = given
      // Only where a study's patient id is another than its order's can a merge make a difference.
      for (const study of studies.values()) {
        for (const id of ordersNear(study)) {
          if (orders.get(id)?.order.patientId === study.patientId) continue
          changedStudies.add(study.studyInstanceUid)
          changedOrders.add(id)
        }
      }
    },

    putNames(given) {
      const before = names
      names = given
      for (const { id, report } of exams.values()) {
        const people = report ? [report.writtenBy, report.reviewedBy] : []
        if (people.some((one) => before.get(one) !== given.get(one))) changedStudies.add(id)
      }
    },
    nameOf,

    putLabels(given) {
      const before = labels
      labels = given
      const faces = JSON.stringify(before.rules.fields) !== JSON.stringify(given.rules.fields)
      const differs = (facts: readonly LabelledFacts[]) =>
        faces || labelByFacts(facts, before) !== labelByFacts(facts, given)
      for (const [id, { order }] of orders) if (differs(labelledFacts([order], null))) touchOrder(id)
      for (const [uid, study] of studies) {
        const index = indexByUid.get(uid)!
        const report = before.ofReports.get(index) !== given.ofReports.get(index)
        if (report || differs(labelledFacts([], study))) changedStudies.add(uid)
      }
    },
    labels: () => labels,

    tried(exam, given) {
      const study = studies.get(exam.id) ?? null
      const near = study ? [...ordersNear(study)] : [exam.id.slice(1)]
      const fitting = near
        .flatMap((id) => orders.get(id) ?? [])
        .filter(({ order }) => !study || orderFits(order, study, samePatient))
      const facts = labelledFacts(
        fitting.map(({ order }) => order),
        study,
      )
      const { label } = standings.get(exam.studyIndex ?? '') ?? {}
      return {
        label: strictest([label ?? 'general', labelOfOrders(fitting), labelByFacts(facts, given)]),
        holding: new Set(facts.flatMap(given.rules.rulesFor)),
      }
    },

    readsPatient(accountId, patientId, now) {
      if (patientId === '') return false
      for (const id of examsByReader.of(accountId)) {
        const exam = exams.get(id)
        if (!exam || standingOf(exam, now).holder !== accountId) continue
        const other = exam.full.row.patientId
        if (other !== '' && (other === patientId || samePatient(other, patientId))) return true
      }
      return false
    },

    byAccession(accessionNumber) {
      for (const uid of studiesByAccession.of(accessionNumber)) if (exams.has(uid)) return exams.get(uid)
      for (const id of ordersByAccession.of(accessionNumber)) {
        const named = orders.get(id)?.order.studyInstanceUid
        const exam = exams.get(` ${id}`) ?? (named === undefined ? undefined : exams.get(named))
        if (exam) return exam
      }
      return undefined
    },

    settle() {
      const removed = new Set<Exam>()
      const added: Exam[] = []
      const replace = (id: string, exam: Exam | null) => {
        const before = exams.get(id)
        if (before) {
          removed.add(before)
          if (before.studyIndex !== null) studiesByPatient.remove(before.full.row.patientId, id)
          for (const reader of readersOf(before)) examsByReader.remove(reader, id)
        }
        if (!exam) {
          exams.delete(id)
          return
        }
        exams.set(id, exam)
        added.push(exam)
        if (exam.studyIndex !== null) studiesByPatient.add(exam.full.row.patientId, id)
        for (const reader of readersOf(exam)) examsByReader.add(reader, id)
      }
      for (const uid of changedStudies) {
        const study = studies.get(uid)
        replace(uid, study ? joinStudy(study) : null)
      }
      for (const id of changedOrders) {
        const exam = joinOrder(id)
        if (exam || exams.has(` ${id}`)) replace(` ${id}`, exam)
      }
      changedStudies.clear()
      changedOrders.clear()
      return { removed, added }
    },

    all: () => exams.values(),
    count: () => exams.size,
    ofStudy: (uid) => exams.get(uid),

    othersOf(exam) {
      const { patientId } = exam.full.row
      if (patientId === '') return []
      const found: Exam[] = []
      for (const id of studiesByPatient.keys()) {
        if (id === '' || !(id === patientId || samePatient(id, patientId))) continue
        for (const uid of studiesByPatient.of(id)) {
          const other = exams.get(uid)
          if (other && other.id !== exam.id) found.push(other)
        }
      }
      return found
    },
  }
}
