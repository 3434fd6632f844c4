import { type AuditRow, AuditSubjectKind } from '../../../shared/audit/index.ts'
import { shortId } from './audit-words.ts'
import { type NamedSubject, sameSubject } from './search/conditions.ts'

/** Everything that a record names and that other records can be looked up by; each once, who did it first. */
export function subjectsOf(row: AuditRow): NamedSubject[] {
  const found = [
    referenceOf(row.actor, row.actorName),
    row.workstation === undefined ? null : subjectOf('workstation', row.workstation, row.workstationName),
    row.session === undefined ? null : subjectOf('session', row.session),
    referenceOf(row.object, row.objectName),
    ...(row.about ?? []).map(({ kind, id, label }) => subjectOf(kind, id, label)),
    detailSubject('patient', row.detail.patientId),
    detailSubject('order', row.detail.accessionNumber),
  ]
  return found.flatMap((each, index) =>
    each === null || found.slice(0, index).some((one) => one !== null && isNamedBy(one, each)) ? [] : [each],
  )
}

export function subjectOfKind(row: AuditRow, kind: AuditSubjectKind): NamedSubject | undefined {
  return subjectsOf(row).find((each) => each.kind === kind)
}

/**
 * What a record's detail says of a patient or an order is left out where the record names one itself, and so is an order that
 * reads as its study does.
 */
function isNamedBy(one: NamedSubject, other: NamedSubject): boolean {
  if (one.kind === 'study' && other.kind === 'order') return one.label === other.label
  return sameSubject(one, other) || (one.kind === other.kind && ['patient', 'order'].includes(one.kind))
}

/** `kind:id` of what can be looked up; null of anything else. */
export function referenceOf(reference: string, name?: string): NamedSubject | null {
  const at = reference.indexOf(':')
  const kind = AuditSubjectKind.safeParse(reference.slice(0, Math.max(at, 0)))
  return kind.success ? subjectOf(kind.data, reference.slice(at + 1), name) : null
}

function detailSubject(kind: 'patient' | 'order', id: unknown): NamedSubject | null {
  return typeof id === 'string' ? subjectOf(kind, id) : null
}

function subjectOf(kind: AuditSubjectKind, id: string, label?: string): NamedSubject | null {
  if (id === '' || id.length > 128) return null
  return { kind, id, label: label ?? shortId(id) }
}
