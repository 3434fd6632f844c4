import type { Role } from '../../shared/access/index.ts'
import type { ErrorFacts } from '../../shared/errors/index.ts'
import type { SecurityPolicy } from '../../shared/policy/index.ts'

export type SessionCaps = SecurityPolicy['session']['caps']

/** The live sessions that a new one would come to stand beside. */
export interface Occupancy {
  total: number
  /** Of these, the sessions of accounts that are not for emergencies. */
  ordinary: number
  workstation: number
  byRole: ReadonlyMap<Role, number>
  /** Sign-ins within the policy's period. */
  signIns: number
}

/**
 * The cap that leaves no place for a session, as the facts of `session-cap`; null where there is one. Emergency accounts may
 * use the places kept for them, and the caps by role and period do not hold them up.
 */
export function capReached(
  who: { emergency: boolean; roles: readonly Role[] },
  taken: Occupancy,
  caps: SessionCaps,
): ErrorFacts | null {
  if (taken.workstation >= caps.perWorkstation) return { cap: 'workstation', limit: caps.perWorkstation }
  if (taken.total >= caps.total) return { cap: 'total', limit: caps.total }
  if (who.emergency) return null
  const ordinary = caps.total - caps.emergencyPlaces
  if (taken.ordinary >= ordinary) return { cap: 'total', limit: ordinary }
  for (const role of who.roles) {
    const limit = caps.perRole[role]
    if (limit !== undefined && (taken.byRole.get(role) ?? 0) >= limit) return { cap: 'role', limit, role }
  }
  const { signIns, minutes } = caps.period
  return taken.signIns >= signIns ? { cap: 'period', limit: signIns, minutes } : null
}
