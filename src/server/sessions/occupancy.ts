import type { Role } from '../../shared/access/index.ts'
import type { Queries } from '../store/index.ts'
import type { Occupancy, SessionCaps } from './caps.ts'
import { liveStates } from './records.ts'

/** Counts what the caps look at. Within the transaction that begins the session, so that no other gets in between. */
export async function occupancyOf(
  db: Queries,
  newcomer: { workstationId: string; roles: readonly Role[] },
  caps: SessionCaps,
  now: number,
): Promise<Occupancy> {
  const count = ({ n }: { n: number | string | bigint }) => Number(n)
  const live = () => db.selectFrom('sessions').where('sessions.state', 'in', liveStates)
  const counted = () => live().select((eb) => eb.fn.countAll().as('n'))

  const total = count(await counted().executeTakeFirstOrThrow())
  const ordinary = await counted()
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .where('accounts.emergency', '=', 0)
    .executeTakeFirstOrThrow()
  const workstation = await counted()
    .where('sessions.workstation_id', '=', newcomer.workstationId)
    .executeTakeFirstOrThrow()
  const byRole = new Map<Role, number>()
  for (const role of newcomer.roles) {
    if (caps.perRole[role] === undefined) continue
    // A JSON array of names, each in quotes: no role's name is found within another's.
    const holders = await counted().where('sessions.roles', 'like', `%"${role}"%`).executeTakeFirstOrThrow()
    byRole.set(role, count(holders))
  }
  const signIns = await db
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('started_at', '>', now - caps.period.minutes * 60_000)
    .executeTakeFirstOrThrow()
  return {
    total,
    ordinary: count(ordinary),
    workstation: count(workstation),
    byRole,
    signIns: count(signIns),
  }
}
