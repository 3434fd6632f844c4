import type { AuditSubject } from '../../shared/audit/index.ts'
import { type Subject, subjectIndex } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { accessionIndex, patientIndex, studyIndex } from '../protection/index.ts'
import type { ArchivedExams } from './archived-exams.ts'

/** A blind index, which stands for itself, or what one is made of. */
const blind = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/

/**
 * What belongs to a subject, so that its timeline is whole: to a patient their merged ids, orders, studies, reports and alerts; to
 * a study its orders, report and alerts; to a report its alerts; to an order its row.
 */
export function createRelated(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  deps: { patientsOf(patientIndex: string): Promise<string[]>; archived: ArchivedExams },
) {
  const { db } = store
  const indexOf = {
    patient: (id: string) => (blind.test(id) ? id : patientIndex(protection, id)),
    study: (id: string) => (blind.test(id) ? id : studyIndex(protection, id)),
    order: (id: string) => (blind.test(id) ? id : accessionIndex(protection, id)),
  }

  async function ofStudies(studies: readonly string[]): Promise<Subject[]> {
    const found: Subject[] = studies.map((id) => ({ kind: 'study', id }))
    for (let start = 0; start < studies.length; start += 500) {
      const part = studies.slice(start, start + 500)
      const reports = await db.selectFrom('reports').select('id').where('study_index', 'in', part).execute()
      const alerts = await db.selectFrom('alerts').select('id').where('study_index', 'in', part).execute()
      found.push(...reports.map(({ id }) => ({ kind: 'report' as const, id })))
      found.push(...alerts.map(({ id }) => ({ kind: 'alert' as const, id })))
    }
    return found
  }

  const ordersBy = (column: 'patient_index' | 'study_index', indexes: readonly string[]) =>
    db
      .selectFrom('orders')
      .select(['id', 'accession_index', 'study_index'])
      .where(column, 'in', indexes)
      .execute()

  const orderSubjects = (rows: readonly { id: string; accession_index: string }[]): Subject[] =>
    rows.flatMap(({ id, accession_index }) => [
      { kind: 'order', id },
      { kind: 'order', id: accession_index },
    ])

  async function ofPatient(id: string): Promise<Subject[]> {
    const own = indexOf.patient(id)
    const person = await deps.patientsOf(own)
    const orders = await ordersBy('patient_index', person)
    const alerts = await db.selectFrom('alerts').select('id').where('patient_index', 'in', person).execute()
    const archived = await deps.archived.byPatient()
    const studies = new Set(orders.flatMap(({ study_index }) => study_index ?? []))
    for (const index of person)
      for (const { studyInstanceUid } of archived.get(index) ?? [])
        studies.add(studyIndex(protection, studyInstanceUid))
    return [
      ...person.map((index): Subject => ({ kind: 'patient', id: index })),
      ...orderSubjects(orders),
      ...alerts.map(({ id }): Subject => ({ kind: 'alert', id })),
      ...(await ofStudies([...studies])),
    ]
  }

  async function ofReport(id: string): Promise<Subject[]> {
    const alerts = await db
      .selectFrom('alerts')
      .innerJoin('report_versions', 'report_versions.id', 'alerts.report_version_id')
      .select('alerts.id')
      .where('report_versions.report_id', '=', id)
      .execute()
    return [{ kind: 'report', id }, ...alerts.map(({ id }): Subject => ({ kind: 'alert', id }))]
  }

  async function related({ kind, id }: AuditSubject): Promise<Subject[]> {
    if (kind === 'patient') return ofPatient(id)
    if (kind === 'report') return ofReport(id)
    if (kind === 'study') {
      const index = indexOf.study(id)
      return [...(await ofStudies([index])), ...orderSubjects(await ordersBy('study_index', [index]))]
    }
    if (kind === 'order') {
      const rows = await db
        .selectFrom('orders')
        .select(['id', 'accession_index'])
        .where(({ eb, or }) => or([eb('accession_index', '=', indexOf.order(id)), eb('id', '=', id)]))
        .execute()
      return [{ kind, id }, ...orderSubjects(rows)]
    }
    return [{ kind, id }]
  }

  /** The keys under which records of the subject, and of all that belongs to it, are found. */
  return async (subject: AuditSubject): Promise<string[]> => [
    ...new Set((await related(subject)).map((one) => subjectIndex(protection, one))),
  ]
}
