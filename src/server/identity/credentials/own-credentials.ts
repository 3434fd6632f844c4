import type { AuditRow, OwnCredentials } from '../../../shared/api/index.ts'
import type { Foundation, SessionPrincipal } from '../../foundation.ts'
import { createDamageReports } from '../../integrity/index.ts'
import { readCertificate } from '../certificate.ts'
import type { Passwords } from './passwords.ts'
import type { Totps } from './totp.ts'

/** The refusals that a person is told of. */
const refusals = ['sign-in.refused', 'session.unlock-refused', 'credentials.refused']
/** Refusals that ask for more, of somebody whose key or credentials were good: on the way in they alarm nobody. */
const asking = new Set<unknown>([
  'password-required',
  'password-not-set',
  'password-change-required',
  'password-unacceptable',
  'session-elsewhere',
])
/** So long a way in takes at most. */
const wayInMs = 600_000
/** Pages of the audit that are looked through for them; a flood of refusals is not counted to its end. */
const mostPages = 10

/** What a person sees of their own credentials, and by what they may notice that somebody else tries them. */
export function createOwnCredentials(
  foundation: Foundation,
  deps: { passwords: Passwords; totps: Totps },
): (principal: SessionPrincipal) => Promise<OwnCredentials> {
  const { store, protection, audit } = foundation
  const damage = createDamageReports(foundation)

  async function certificates(accountId: string): Promise<OwnCredentials['certificates']> {
    const rows = await store.db
      .selectFrom('account_certificates')
      .select(['fingerprint', 'sealed_certificate'])
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is', null)
      .orderBy('bound_at')
      .execute()
    const shown: OwnCredentials['certificates'] = []
    for (const { fingerprint, sealed_certificate: sealed } of rows) {
      const place = { table: 'account_certificates', column: 'sealed_certificate', row: fingerprint }
      const der = sealed === null ? '' : await damage.opened(protection, place, sealed)
      if (der === '') continue
      const { subject, notAfter } = readCertificate(Buffer.from(der, 'base64'))
      shown.push({ subject, notAfter })
    }
    return shown
  }

  /** The sign-in before the one of this session. */
  async function lastSignIn(principal: SessionPrincipal): Promise<OwnCredentials['lastSignIn']> {
    const row = await store.db
      .selectFrom('sessions')
      .innerJoin('workstations', 'workstations.id', 'sessions.workstation_id')
      .select(['sessions.started_at as at', 'workstations.name as workstation'])
      .where('sessions.account_id', '=', principal.accountId)
      .where('sessions.id', '!=', principal.sessionId)
      .orderBy('sessions.started_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  }

  async function startOf({ sessionId }: SessionPrincipal): Promise<number> {
    const row = await store.db
      .selectFrom('sessions')
      .select('started_at')
      .where('id', '=', sessionId)
      .executeTakeFirst()
    return row?.started_at ?? 0
  }

  /** Those at the same workstation, shortly before this session, that only asked for more are the person's own way in. */
  async function failuresSince(principal: SessionPrincipal, since: number): Promise<number> {
    const began = await startOf(principal)
    const onTheWayIn = ({ at, workstation, detail }: AuditRow) =>
      asking.has(detail.code) &&
      workstation === principal.workstationId &&
      at <= began &&
      began - at <= wayInMs
    let count = 0
    let before: number | undefined
    for (let page = 0; page < mostPages; page += 1) {
      const rows = await audit.tail(before, refusals)
      const recent = rows.filter((row) => row.at >= since)
      count += recent.filter((row) => row.detail.accountId === principal.accountId && !onTheWayIn(row)).length
      before = rows.at(-1)?.seq
      if (before === undefined || recent.length < rows.length) break
    }
    return count
  }

  return async (principal) => {
    const { accountId } = principal
    const expiresAt = await deps.passwords.expiresAt(accountId)
    const warned = await deps.passwords.endsAt(accountId)
    const last = await lastSignIn(principal)
    return {
      password: expiresAt === null ? null : { expiresAt, warn: warned !== null },
      totpEnrolledAt: await deps.totps.enrolledAt(accountId),
      certificates: await certificates(accountId),
      lastSignIn: last,
      failuresSince: await failuresSince(principal, last?.at ?? 0),
    }
  }
}
