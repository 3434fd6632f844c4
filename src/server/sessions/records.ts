import { permissionsOf, Role } from '../../shared/access/index.ts'
import type { SessionRow } from '../../shared/api/index.ts'
import { SessionEndReason, type SessionView } from '../../shared/session/index.ts'
import type { DamageReports } from '../integrity/index.ts'
import type { Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import { endsAt, type SessionFacts, type SessionPolicy } from './policy.ts'

export const liveStates = ['active', 'locked'] as const

/** Sessions with what their account, workstation and token certificate say about them. */
export function sessionRecords(db: Queries) {
  return db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .innerJoin('workstations', 'workstations.id', 'sessions.workstation_id')
    .leftJoin('account_certificates', 'account_certificates.fingerprint', 'sessions.token_fingerprint')
    .leftJoin('fallback_grants', 'fallback_grants.id', 'sessions.fallback_grant_id')
    .selectAll('sessions')
    .select([
      'accounts.sealed_login',
      'accounts.sealed_name',
      'accounts.roles as account_roles',
      'accounts.disabled',
      'accounts.clearance',
      'workstations.name as workstation_name',
      'workstations.revoked_at as workstation_revoked_at',
      'workstations.suspended_at as workstation_suspended_at',
      'account_certificates.account_id as certificate_account_id',
      'account_certificates.revoked_at as certificate_revoked_at',
      'fallback_grants.account_id as grant_account_id',
      'fallback_grants.ends_at as grant_ends_at',
      'fallback_grants.ended_at as grant_ended_at',
    ])
}

export type SessionRecord = Awaited<ReturnType<ReturnType<typeof sessionRecords>['execute']>>[number]

export function factsOf(record: SessionRecord): SessionFacts {
  const current = parsedRoles(record.account_roles)
  const began = parsedRoles(record.roles)
  return {
    state: record.state === 'locked' ? 'locked' : 'active',
    startedAt: record.started_at,
    expiresAt: record.expires_at,
    lastActivityAt: record.last_activity_at,
    lastSeenAt: record.last_seen_at,
    lockedAt: record.locked_at,
    revoked:
      record.disabled !== 0 ||
      record.workstation_revoked_at !== null ||
      record.workstation_suspended_at !== null ||
      !began.every((role) => current.includes(role)) ||
      (record.factor === 'certificate' && !tokenStands(record)),
    fallbackEndsAt: record.factor === 'fallback' ? grantEndOf(record) : null,
  }
}

function tokenStands(record: SessionRecord): boolean {
  return record.certificate_account_id === record.account_id && record.certificate_revoked_at === null
}

/** When the grant that a session stands on ends, or ended; one that is not the account's is no grant. */
function grantEndOf(record: SessionRecord): number {
  if (record.grant_account_id !== record.account_id) return 0
  return Math.min(record.grant_ends_at ?? 0, record.grant_ended_at ?? Number.POSITIVE_INFINITY)
}

const Roles = Role.array().catch([])

/** What is not a list of roles gives none. */
function parsedRoles(json: string): Role[] {
  try {
    return Roles.parse(JSON.parse(json))
  } catch {
    return []
  }
}

/** The roles that it began with and that the account still has. One that was added since waits for the next sign-in. */
export function rolesOf(record: Pick<SessionRecord, 'roles' | 'account_roles'>): Role[] {
  const current = parsedRoles(record.account_roles)
  return parsedRoles(record.roles).filter((role) => current.includes(role))
}

export function displayNameOf(record: SessionRecord, protection: Protection): string {
  return protection.open(
    { table: 'accounts', column: 'sealed_name', row: record.account_id },
    record.sealed_name,
  )
}

function loginNameOf(record: SessionRecord, protection: Protection): string {
  return protection.open(
    { table: 'accounts', column: 'sealed_login', row: record.account_id },
    record.sealed_login,
  )
}

/** The session as its own workstation sees it. */
export function viewOf(
  record: SessionRecord,
  {
    protection,
    policy,
    passwordEndsAt,
  }: {
    protection: Protection
    policy: SessionPolicy
    passwordEndsAt: number | null
  },
): SessionView {
  const roles = rolesOf(record)
  return {
    id: record.id,
    accountId: record.account_id,
    loginName: loginNameOf(record, protection),
    displayName: displayNameOf(record, protection),
    roles,
    permissions: permissionsOf({ roles, factor: record.factor }),
    state: record.state === 'locked' ? 'locked' : 'active',
    factor: record.factor,
    passwordEndsAt,
    startedAt: record.started_at,
    expiresAt: endsAt(factsOf(record), policy),
    lockAfterMs: policy.lockAfterMs,
    activityEveryMs: policy.activityEveryMs,
  }
}

/** The session as the security officer sees it. A name that was damaged is empty, and reported. */
export async function rowOf(
  record: SessionRecord,
  protection: Protection,
  damage: DamageReports,
  policy: SessionPolicy,
): Promise<SessionRow> {
  const place = (column: string) => ({ table: 'accounts', column, row: record.account_id })
  return {
    id: record.id,
    accountId: record.account_id,
    roles: rolesOf(record),
    factor: record.factor,
    loginName: await damage.opened(protection, place('sealed_login'), record.sealed_login),
    displayName: await damage.opened(protection, place('sealed_name'), record.sealed_name),
    workstation: record.workstation_name,
    state: record.state === 'locked' ? 'locked' : 'active',
    startedAt: record.started_at,
    lastActivityAt: record.last_activity_at,
    expiresAt: endsAt(factsOf(record), policy),
  }
}

/** Why, when and by whom an ended session ended: the facts of `session-ended`. */
export function endOf(record: Pick<SessionRecord, 'end_reason' | 'ended_at' | 'taken_over_by'>): {
  reason: SessionEndReason
  at: number
  byWorkstation?: string
} {
  return {
    reason: SessionEndReason.catch('revoked').parse(record.end_reason),
    at: record.ended_at ?? 0,
    ...(record.taken_over_by === null ? {} : { byWorkstation: record.taken_over_by }),
  }
}
