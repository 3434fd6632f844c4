import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { SignInRequest, SignInResponse } from '../../shared/api/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation, Principal } from '../foundation.ts'
import type { Authorities } from '../pki/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { Schema } from '../store/index.ts'

/** What a proof of identity opens a session with. */
export interface Proven {
  accountId: string
  workstation: Extract<Principal, { kind: 'workstation' }>
  address: string
  /** SHA-256 of the token certificate's DER, hex; empty where there was no token. */
  tokenFingerprint: string
  /** When what was proven ends, epoch ms: a session certificate never outlives it. */
  notAfter: number
  factor: 'certificate' | 'fallback'
  fallbackGrantId?: string
  /** Written with the session or not at all. */
  within(trx: Transaction<Schema>, actor: AuditEntry['actor']): Promise<void>
}

/** Issues a session certificate and begins the session. @returns a function that throws what `Sessions.begin` does. */
export function createSessionStart(
  { clock }: Foundation,
  { authorities, sessions }: { authorities: Authorities; sessions: Sessions },
): (
  proven: Proven,
  request: Pick<SignInRequest, 'csr' | 'takeOver' | 'replaces'>,
) => Promise<SignInResponse> {
  return async ({ workstation, address, notAfter, within, ...proven }, { csr, takeOver, replaces }) => {
    const { workstationId, workstationName } = workstation
    const id = randomUUID()
    const actor = { kind: 'account', id: proven.accountId, workstationId, sessionId: id, address } as const
    const issued = await authorities.issueSession(Buffer.from(csr, 'base64'), {
      sessionId: id,
      notAfter: Math.min(clock() + sessions.policy.shiftMs, notAfter),
    })
    const session = await sessions.begin(
      {
        ...proven,
        id,
        workstation: { id: workstationId, name: workstationName },
        certificateFingerprint: issued.fingerprint,
        expiresAt: issued.notAfter,
        takeOver,
        replaces,
        within: (trx) => within(trx, actor),
      },
      actor,
    )
    return { certificate: issued.pem, issuer: issued.issuer, session }
  }
}
