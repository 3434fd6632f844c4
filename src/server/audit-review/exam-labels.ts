import { maskedName } from '../../shared/access/index.ts'
import type { AuditRow, AuditSubjectKind } from '../../shared/audit/index.ts'
import { Order } from '../../shared/order/index.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { accessionIndex, patientIndex, studyIndex } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import type { ArchivedExams } from './archived-exams.ts'

/** What an auditor reads of an exam: enough to find it, no more of the patient than tells two apart. */
export interface ExamFacts {
  accessionNumber: string
  itemName: string
  patientId: string
  /** Masked. */
  patient: string
}

export type Reference = { kind: string; id: string }
export const keyOf = ({ kind, id }: Reference): string => `${kind}:${id}`
export const examLabel = ({ accessionNumber, patient, itemName }: ExamFacts): string =>
  [accessionNumber, patient, itemName].filter((part) => part !== '').join(' · ')
const patientLabel = ({ patient, patientId }: ExamFacts) => `${patient} · ${patientId}`

const blind = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/
const examKinds: readonly string[] = [
  'patient',
  'study',
  'report',
  'order',
  'alert',
] satisfies AuditSubjectKind[]

/** What patients, exams, reports and alerts that records name are called. A page of records costs a handful of queries. */
export function createExamLabels(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  deps: { archived: ArchivedExams; damage: DamageReports },
) {
  const { db } = store
  const asIndex =
    (make: typeof studyIndex) =>
    (id: string): string =>
      blind.test(id) ? id : make(protection, id)
  const indexOf = {
    study: asIndex(studyIndex),
    patient: asIndex(patientIndex),
    order: asIndex(accessionIndex),
  }

  async function factsOf(row: Pick<Schema['orders'], 'id' | 'sealed_order'>): Promise<ExamFacts | null> {
    const place = { table: 'orders', column: 'sealed_order', row: row.id }
    const opened = await deps.damage.opened(protection, place, row.sealed_order)
    if (opened === '') return null
    const { accessionNumber, itemName, patientId, patientName } = Order.parse(JSON.parse(opened))
    return { accessionNumber, itemName, patientId, patient: maskedName(patientName) }
  }

  /** The newest order by each value of the column. */
  async function byColumn(
    column: 'study_index' | 'patient_index' | 'accession_index' | 'id',
    values: readonly string[],
  ): Promise<Map<string, ExamFacts>> {
    const found = new Map<string, ExamFacts>()
    for (let start = 0; start < values.length; start += 500) {
      const rows = await db
        .selectFrom('orders')
        .select(['id', 'sealed_order', 'study_index', 'patient_index', 'accession_index'])
        .where(column, 'in', values.slice(start, start + 500))
        .orderBy('updated_at', 'desc')
        .execute()
      for (const row of rows) {
        const value = row[column]
        if (value === null || found.has(value)) continue
        const facts = await factsOf(row)
        if (facts) found.set(value, facts)
      }
    }
    return found
  }

  async function studiesOf(
    table: 'reports' | 'alerts',
    ids: readonly string[],
  ): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (let start = 0; start < ids.length; start += 500) {
      const part = ids.slice(start, start + 500)
      const rows = await db.selectFrom(table).select(['id', 'study_index']).where('id', 'in', part).execute()
      for (const row of rows) found.set(row.id, row.study_index)
    }
    return found
  }

  /** By blind study index; an order says more than the archive does. */
  async function ofStudies(indexes: readonly string[]): Promise<Map<string, ExamFacts>> {
    const found = await byColumn('study_index', indexes)
    if (indexes.every((index) => found.has(index))) return found
    const archived = await deps.archived.byStudy()
    for (const index of indexes) {
      const study = archived.get(index)
      if (!study || found.has(index)) continue
      found.set(index, {
        accessionNumber: study.accessionNumber,
        itemName: study.description,
        patientId: study.patientId,
        patient: maskedName(study.patientName),
      })
    }
    return found
  }

  async function facts(references: readonly Reference[]): Promise<Map<string, ExamFacts>> {
    const ids = (kind: AuditSubjectKind) => [
      ...new Set(references.flatMap((one) => (one.kind === kind ? [one.id] : []))),
    ]
    const reports = await studiesOf('reports', ids('report'))
    const alerts = await studiesOf('alerts', ids('alert'))
    const [orders, patients] = [ids('order'), ids('patient')]
    const studies = await ofStudies([
      ...new Set([...reports.values(), ...alerts.values(), ...ids('study').map(indexOf.study)]),
    ])
    const byRow = await byColumn('id', orders)
    const byAccession = await byColumn('accession_index', orders.map(indexOf.order))
    const byPatient = await byColumn('patient_index', patients.map(indexOf.patient))
    const found = new Map<string, ExamFacts>()
    for (const one of references) {
      const known =
        one.kind === 'study'
          ? studies.get(indexOf.study(one.id))
          : one.kind === 'report'
            ? studies.get(reports.get(one.id) ?? '')
            : one.kind === 'alert'
              ? studies.get(alerts.get(one.id) ?? '')
              : one.kind === 'order'
                ? (byRow.get(one.id) ?? byAccession.get(indexOf.order(one.id)))
                : one.kind === 'patient'
                  ? byPatient.get(indexOf.patient(one.id))
                  : undefined
      if (known) found.set(keyOf(one), known)
    }
    return found
  }

  /** The records with what their patients and exams are called. */
  async function labelled(rows: readonly AuditRow[]): Promise<AuditRow[]> {
    const objects = rows.map(({ object }) => referenceOf(object))
    const all = rows.flatMap((row, at) => [...(objects[at] ? [objects[at]] : []), ...(row.about ?? [])])
    const known = await facts(all.filter(({ kind }) => examKinds.includes(kind)))
    return rows.map((row, at) => {
      const object = objects[at] && known.get(keyOf(objects[at]))
      const objectName =
        object && (objects[at]?.kind === 'patient' ? patientLabel(object) : examLabel(object))
      const about = row.about?.map((one) => {
        const exam = known.get(keyOf(one))
        if (!exam) return one
        return { ...one, label: one.kind === 'patient' ? patientLabel(exam) : examLabel(exam) }
      })
      return { ...row, ...(objectName ? { objectName } : {}), ...(about ? { about } : {}) }
    })
  }

  return { facts, labelled, byPatient: (ids: readonly string[]) => byColumn('patient_index', ids), ofStudies }
}
export type ExamLabels = ReturnType<typeof createExamLabels>

function referenceOf(reference: string): Reference | null {
  const at = reference.indexOf(':')
  return at < 0 ? null : { kind: reference.slice(0, at), id: reference.slice(at + 1) }
}
