import { maskedName } from '../../shared/access/index.ts'
import type { AccountRow, AuditCandidate } from '../../shared/api/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Orders } from '../orders/index.ts'
import { accessionIndex, patientIndex } from '../protection/index.ts'
import type { ArchivedExams } from './archived-exams.ts'
import { type ExamLabels, examLabel } from './exam-labels.ts'

const most = 20
/** Orders that a name is looked for in: a year of a large department. Ids are looked up in all. */
const mostOrders = 60_000

/** Who or what a typed text may be: people and workstations by any part of their names, patients by id or name, exams by number. */
export function createCandidates(
  { protection }: Pick<Foundation, 'protection'>,
  deps: {
    accounts(): Promise<AccountRow[]>
    workstations(): Promise<Map<string, string>>
    orders: Pick<Orders, 'newest' | 'byAccession'>
    archived: ArchivedExams
    labels: ExamLabels
  },
) {
  const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase()

  async function people(text: string): Promise<AuditCandidate[]> {
    return (await deps.accounts())
      .filter(({ loginName, displayName, staffNumber }) =>
        [loginName, displayName, staffNumber].some((name) => folded(name).includes(text)),
      )
      .map(({ id, displayName, loginName, staffNumber }) => ({
        subject: { kind: 'account', id },
        label: displayName,
        hint: [loginName, staffNumber].filter((part) => part !== '').join(' · '),
      }))
  }

  async function places(text: string): Promise<AuditCandidate[]> {
    return [...(await deps.workstations())]
      .filter(([id, name]) => folded(name).includes(text) || folded(id) === text)
      .map(([id, name]) => ({ subject: { kind: 'workstation', id }, label: name, hint: '' }))
  }

  /** By id in all there are; by name in the newest orders and the archive. */
  async function patients(typed: string, text: string): Promise<AuditCandidate[]> {
    const found = new Map<string, string>()
    const index = patientIndex(protection, typed)
    const byId = (await deps.labels.byPatient([index])).get(index)
    if (byId) found.set(byId.patientId, byId.patient)
    const archivedById = (await deps.archived.byPatient()).get(index)?.[0]
    if (archivedById) found.set(archivedById.patientId, maskedName(archivedById.patientName))
    if (found.size === 0 && text.length >= 2) {
      for await (const batch of deps.orders.newest(mostOrders)) {
        for (const { order } of batch)
          if (folded(order.patientName).includes(text) || folded(order.patientNamePinyin).includes(text))
            found.set(order.patientId, maskedName(order.patientName))
        if (found.size >= most) break
      }
      for (const study of (await deps.archived.byStudy()).values())
        if (found.size < most && folded(study.patientName).includes(text))
          found.set(study.patientId, maskedName(study.patientName))
    }
    return [...found].map(([id, name]) => ({ subject: { kind: 'patient', id }, label: name, hint: id }))
  }

  async function exams(typed: string): Promise<AuditCandidate[]> {
    const facts = (
      await deps.labels.facts([{ kind: 'order', id: accessionIndex(protection, typed) }])
    ).values()
    const [exam] = facts
    if (!exam) return []
    const kept = typed.length <= 16 ? await deps.orders.byAccession(typed) : null
    const study = kept?.order.studyInstanceUid
    return [
      {
        subject: study ? { kind: 'study', id: study } : { kind: 'order', id: typed },
        label: examLabel(exam),
        hint: exam.patientId,
      },
    ]
  }

  return async (typed: string): Promise<AuditCandidate[]> => {
    const text = folded(typed)
    const found = [
      ...(await people(text)),
      ...(await places(text)),
      ...(await exams(typed)),
      ...(await patients(typed, text)),
    ]
    return found.slice(0, most)
  }
}
