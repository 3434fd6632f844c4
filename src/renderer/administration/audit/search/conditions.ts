import type { AuditQuery } from '../../../../shared/api/audit.ts'
import type { AuditSubject } from '../../../../shared/audit/index.ts'
import type { Period } from '../../../retrospect/period.ts'

/** A subject, and how a person reads it. */
export interface NamedSubject extends AuditSubject {
  label: string
}

/** What the records that are looked for have in common; all of it holds together. */
export interface Conditions {
  /** Null: since the gateway's first day. */
  period: Period | null
  /** Whole actions, or a capability's with a dot at its end. */
  actions: readonly string[]
  outcomes: AuditQuery['outcomes']
  subjects: readonly NamedSubject[]
  /** Begins at this record and goes back from there. */
  upTo: number | null
}

/** As many as the gateway takes. */
export const mostSubjects = 4

export const noConditions: Conditions = {
  period: null,
  actions: [],
  outcomes: [],
  subjects: [],
  upTo: null,
}

/** With a subject more; the same where it is among them, or where there is no room. */
export function withSubject(conditions: Conditions, subject: NamedSubject): Conditions {
  const { subjects } = conditions
  if (subjects.some((each) => sameSubject(each, subject)) || subjects.length >= mostSubjects)
    return conditions
  return { ...conditions, subjects: [...subjects, subject] }
}

export function withoutSubject(conditions: Conditions, subject: AuditSubject): Conditions {
  return { ...conditions, subjects: conditions.subjects.filter((each) => !sameSubject(each, subject)) }
}

export function sameSubject(a: AuditSubject, b: AuditSubject): boolean {
  return a.kind === b.kind && a.id === b.id
}

/** As the gateway is asked, its pages apart. */
export function queryOf(
  { period, actions, outcomes, subjects }: Conditions,
  order: AuditQuery['order'] = 'newest',
): AuditQuery {
  return {
    ...(period && { from: period.from, to: period.to }),
    actions: [...actions],
    outcomes: [...outcomes],
    subjects: subjects.map(({ kind, id }) => ({ kind, id })),
    order,
    limit: 200,
  }
}

/** The conditions one has come by, the present ones last: a way back from every step into the records. */
export type Trail = readonly [Conditions, ...Conditions[]]

/** A step on; none where nothing is different. */
export function onward(trail: Trail, next: Conditions): Trail {
  return JSON.stringify(present(trail)) === JSON.stringify(next) ? trail : [...trail, next]
}

export function back(trail: Trail): Trail {
  const [first, ...rest] = trail
  return rest.length === 0 ? trail : [first, ...rest.slice(0, -1)]
}

export function present(trail: Trail): Conditions {
  return trail.at(-1) ?? trail[0]
}
