import { verify } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { VigilError } from '../../shared/errors/index.ts'
import { activityStatement } from '../../shared/signing/statement.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { auditActor, createRateLimit } from '../http/index.ts'
import { liveStates } from './records.ts'

export interface ActivityReport {
  /** Rises with each report. */
  counter: number
  /** How long ago the last input was; whole milliseconds. */
  idleMs: number
  /** The session key's over `activityStatement`: ECDSA P-256 with SHA-256, DER, base64. */
  signature: string
}

/** A workstation reports every 30 s or, under the shortest policy, every 0.3 s. */
const reports = { burst: 20, everyMs: 250, keys: 10_000 }
/** Forged reports of one session that are audited; more are refused without a row. */
const forgeries = { burst: 10, everyMs: 60_000, keys: 10_000 }

/**
 * Takes reports of a user's activity: signed by the session's own key, each with a higher counter than the one before.
 * @returns a function that throws VigilError `signature-invalid`, `conflict` where the counter did not rise, or
 * `too-many-requests`.
 */
export function createActivity(
  foundation: Foundation,
  { clock, elapsed }: { clock: Clock /** Cannot be set: rates are held by it. */; elapsed: Clock },
) {
  const { store, audit, gatewayId } = foundation
  const reportRate = createRateLimit({ ...reports, clock: elapsed })
  const forgeryRate = createRateLimit({ ...forgeries, clock: elapsed })

  return async (
    session: SessionPrincipal,
    { counter, idleMs, signature }: ActivityReport,
    { socket, address }: { socket: TLSSocket; address: string },
  ): Promise<void> => {
    const { sessionId } = session
    reportRate.take(sessionId)
    const statement = activityStatement({ gatewayId, sessionId, counter, idleMs })
    if (!isSignedByPeer(socket, statement, Buffer.from(signature, 'base64'))) {
      forgeryRate.take(sessionId)
      await audit.record({
        action: 'session.activity-refused',
        outcome: 'refused',
        actor: auditActor(session, address),
        object: { kind: 'session', id: sessionId },
        detail: { code: 'signature-invalid' },
      })
      throw new VigilError('signature-invalid')
    }
    const now = clock()
    const inputAt = now - idleMs
    const result = await store.db
      .updateTable('sessions')
      .set((eb) => ({
        activity_counter: counter,
        last_seen_at: now,
        // Input at a locked screen is a sign of life, not work; only an unlock is. What was later stays later: input cannot
        // be dated before the session's start. A time ahead of the clock was written as the clock was set back.
        last_activity_at: eb
          .case()
          .when(
            eb.and([
              eb('state', '=', 'active'),
              eb.or([eb('last_activity_at', '<', inputAt), eb('last_activity_at', '>', now)]),
            ]),
          )
          .then(inputAt)
          .else(eb.ref('last_activity_at'))
          .end(),
      }))
      .where('id', '=', sessionId)
      .where('state', 'in', liveStates)
      .where('activity_counter', '<', counter)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) throw new VigilError('conflict', { field: 'counter' })
  }
}

/** Whether the key of the certificate that this connection was made with, the session's own, signed the statement. */
function isSignedByPeer(socket: TLSSocket, statement: Uint8Array, signature: Uint8Array): boolean {
  const key = socket.getPeerX509Certificate()?.publicKey
  if (key?.asymmetricKeyType !== 'ec') return false
  return verify('sha256', statement, { key, dsaEncoding: 'der' }, signature)
}
