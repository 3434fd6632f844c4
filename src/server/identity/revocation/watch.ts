import type { Foundation } from '../../foundation.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Sessions } from '../../sessions/index.ts'
import type { TokenVerifier } from '../token-verifier.ts'
import type { Revocation } from './revocation.ts'

/** Keeps what is known of revocations fresh, and ends the sessions of certificates that were revoked meanwhile. */
export interface RevocationWatch {
  /** Looks at every live session's certificate once. */
  check(): Promise<void>
  /** Fetches at once, without being waited for. */
  start(): void
  stop(): Promise<void>
}

export function createRevocationWatch(
  { store, protection, config, log }: Foundation,
  deps: {
    revocation: Revocation
    tokens: TokenVerifier
    sessions: Pick<Sessions, 'end'>
    /** How often files are looked at, and live sessions asked for with the responder. */
    everyMs?: number
  },
): RevocationWatch {
  const { revocation, tokens, sessions, everyMs = 1000 } = deps
  const gateway = { kind: 'gateway', id: 'gateway' } as const
  const timers: NodeJS.Timeout[] = []
  let last: Promise<void> = Promise.resolve()
  let seen = ''

  async function check(): Promise<void> {
    const live = await store.db
      .selectFrom('sessions')
      .innerJoin('account_certificates', 'account_certificates.fingerprint', 'sessions.token_fingerprint')
      .select(['sessions.id', 'account_certificates.fingerprint', 'account_certificates.sealed_certificate'])
      .where('sessions.state', '!=', 'ended')
      .where('sessions.factor', '=', 'certificate')
      .execute()
    for (const { id, fingerprint, sealed_certificate } of live) {
      if (sealed_certificate === null) continue
      const place = { table: 'account_certificates', column: 'sealed_certificate', row: fingerprint }
      try {
        const der = Buffer.from(protection.open(place, sealed_certificate), 'base64')
        if (await tokens.isRevoked(der)) await sessions.end(id, 'revoked', gateway)
      } catch (error) {
        // A certificate that can no longer be read can no longer be vouched for.
        if (!(error instanceof IntegrityError)) throw error
        await sessions.end(id, 'revoked', gateway)
      }
    }
  }

  /** One after another: a slow responder must not have checks pile up. */
  function soon(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch(() => log.error({ code: 'internal' }, 'revocation watch'))
    return last
  }

  async function lookAtFiles(): Promise<void> {
    const stamp = await revocation.stamp()
    if (stamp === seen) return
    seen = stamp
    await check()
  }

  async function refresh(): Promise<void> {
    await revocation.refresh()
    seen = await revocation.stamp()
    await check()
  }

  const every = (ms: number, work: () => Promise<void>) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      void soon(work).finally(() => {
        busy = false
      })
    }, ms)
    timer.unref()
    timers.push(timer)
  }

  return {
    check: () => soon(check),
    start() {
      void soon(refresh)
      every(everyMs, lookAtFiles)
      every(config.identity.crlRefreshMinutes * 60_000, refresh)
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await last
    },
  }
}
