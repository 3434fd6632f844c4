import { sign as signBytes, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { api, type RouteBody, type RouteResponse, type TokenFailure } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEvent, SessionView } from '../../shared/session/index.ts'
import { activityStatement } from '../../shared/signing/statement.ts'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import type { WorkstationIdentity } from '../vault/index.ts'
import { type ChannelIdentity, pooledAgent } from './agent.ts'
import { type ApiCall, createApiCall } from './call.ts'
import { followEvents } from './events.ts'
import { isUnreachable } from './failures.ts'
import { pinsOf } from './pin.ts'
import {
  type Begun,
  type FallbackDetails,
  type SignInDetails,
  type SignInPlace,
  signIn,
  signInFallback,
  type TokenSigner,
  unlock,
  unlockFallback,
} from './sign-in.ts'
import { openStream } from './stream.ts'

export type { ApiCall } from './call.ts'
export { certificateRequest, newKey } from './csr.ts'
export { enrol } from './enrol.ts'
export { channelError, isSessionOver, isUnreachable } from './failures.ts'
export { certificatesIn, spkiPin } from './pin.ts'
export type { TokenSigner } from './sign-in.ts'

/** How long a gateway that does not answer is waited for, in ms. */
export interface Patience {
  /** One call's answer. */
  callMs: number
  /** Silence on the event stream, where a keep-alive comes every 15 s: after two have failed to come it is as good as gone. */
  silenceMs: number
}

const usualPatience: Patience = { callMs: 20_000, silenceMs: 40_000 }

/** Certificates are dated; beyond this difference a sign-in would fail in ways nobody can read. */
export const clockToleranceMs = 5 * 60_000

/** What the gateway says to a workstation: its time, what a sign-in takes, whether the certificate is to be renewed. */
export type GatewayStatus = RouteResponse<typeof api.status>

/** The gateway before anybody has signed in, spoken to with the workstation's certificate. */
export interface Gateway {
  /**
   * @throws VigilError clock-skewed (facts skewMs, gateway minus here), gateway-untrusted, those of the channel, and
   * certificate-expired (facts of: 'workstation', notAfter) where it is our own that has ended: only enrolment helps then
   */
  check(): Promise<GatewayStatus>
  /** A new certificate of this workstation for the key that signed the request (PKCS#10, DER). @throws as above */
  renew(request: Uint8Array): Promise<{ certificate: string; issuer: string }>
  /**
   * Goes on with another key and certificate, or other CAs, of the same workstation, once no sign-in is under way.
   * Sessions that are live go on as they are, and trust the CAs that are trusted now.
   */
  adopt(identity: WorkstationIdentity): Promise<void>
  signIn(sign: TokenSigner, details: SignInDetails): Promise<SessionChannel>
  signInFallback(details: FallbackDetails): Promise<SessionChannel>
  /** For the gateway's audit; also while the clock is wrong. @throws VigilError too-many-requests, and those of the channel */
  reportTokenFailures(failures: TokenFailure[]): Promise<void>
  close(): void
}

/** A signed-in session's channel; its key is nowhere but in this process's memory, and gone with it. */
export interface SessionChannel {
  readonly session: SessionView
  readonly gatewayId: string
  call: ApiCall
  /** A body that is not JSON, below the session's own pool for pixels. `path` starts with a slash. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage>
  unlock(sign: TokenSigner): Promise<SessionView>
  unlockFallback(secrets: { password: string; code: string }): Promise<SessionView>
  /** An activity report, signed with the session's own key. */
  activityReport(counter: number, idleMs: number): RouteBody<typeof api.activity>
  follow(listeners: {
    onEvent(event: SessionEvent): void
    onReachable(reachable: boolean): void
    onOver(error: VigilError): void
  }): void
  close(): void
}

export function createGateway(
  enrolled: WorkstationIdentity,
  options: { clock: Clock; random: RandomBytes; patience?: Patience | undefined },
): Gateway {
  const { clock, random, patience = usualPatience } = options
  const { workstationId, gatewayId } = enrolled
  let identity = enrolled
  let connection = connect()
  const signingIn = new Set<Promise<unknown>>()

  function connect() {
    const workstation: ChannelIdentity = {
      host: identity.host,
      port: identity.apiPort,
      gatewayCa: () => identity.gatewayCa,
      key: identity.key,
      certificate: `${identity.certificate.trim()}\n${identity.issuer}`,
    }
    const agent = pooledAgent(workstation, 2)
    const call = createApiCall({ ...workstation, agent, timeoutMs: Math.min(10_000, patience.callMs) })
    return { workstation, agent, call }
  }

  /** A gateway refuses an ended certificate by closing the connection; only here is it known why. */
  async function explained<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      const notAfter = Date.parse(new X509Certificate(identity.certificate).validTo)
      if (!isUnreachable(error) || clock() < notAfter) throw error
      throw new VigilError('certificate-expired', { of: 'workstation', notAfter }, { cause: error })
    })
  }

  async function check(): Promise<GatewayStatus> {
    const query = { trusts: pinsOf(identity.gatewayCa).join(',') }
    const status = await explained(connection.call(api.status, { query }))
    if (status.gatewayId !== gatewayId) throw new VigilError('gateway-untrusted', { reason: 'gateway-id' })
    const skewMs = Math.round(status.now - clock())
    if (Math.abs(skewMs) > clockToleranceMs) throw new VigilError('clock-skewed', { skewMs })
    return status
  }

  function beginning(begin: (place: SignInPlace) => Promise<Begun>): Promise<SessionChannel> {
    const attempt = (async () => {
      await check()
      const { identity, session } = await begin({
        workstation: connection.workstation,
        workstationId,
        gatewayId,
      })
      return openSession(identity, session, { gatewayId, random, patience })
    })()
    signingIn.add(attempt)
    const over = () => void signingIn.delete(attempt)
    attempt.then(over, over)
    return attempt
  }

  return {
    check,
    renew: (request) =>
      explained(
        connection.call(api.renewWorkstation, {
          body: { csr: Buffer.from(request).toString('base64') },
        }),
      ),
    async adopt(next) {
      if (next.workstationId !== workstationId || next.gatewayId !== gatewayId)
        throw new VigilError('conflict', { reason: 'identity' })
      // A sign-in holds on to one connection, and with the first use of a new certificate the old one is refused.
      while (next.key !== identity.key && signingIn.size > 0) await Promise.allSettled(signingIn)
      const { agent } = connection
      const otherKey = next.key !== identity.key
      identity = next
      if (!otherKey) return
      connection = connect()
      agent.destroy()
    },
    signIn: (sign, details) => beginning((place) => signIn(place, sign, details)),
    signInFallback: (details) => beginning((place) => signInFallback(place, details)),
    async reportTokenFailures(failures) {
      await connection.call(api.tokenFailures, { body: { failures } })
    },
    close: () => connection.agent.destroy(),
  }
}

function openSession(
  identity: ChannelIdentity,
  session: SessionView,
  { gatewayId, random, patience }: { gatewayId: string; random: RandomBytes; patience: Patience },
): SessionChannel {
  // Two pools: a study's thousand frames in the queue must not hold back the saving of a report.
  const apiAgent = pooledAgent(identity, 6)
  const pixelAgent = pooledAgent(identity, 8)
  const ended = new AbortController()
  const { host, port } = identity
  const place = { session: identity, sessionId: session.id, gatewayId }

  return {
    session,
    gatewayId,
    call: createApiCall({ host, port, agent: apiAgent, timeoutMs: patience.callMs }),
    stream: (path, signal) =>
      openStream({
        host,
        port,
        agent: pixelAgent,
        path,
        signal: AbortSignal.any([signal, ended.signal]),
        idleTimeoutMs: 30_000,
      }),
    unlock: (sign) => unlock(place, sign),
    unlockFallback: (secrets) => unlockFallback(place, secrets),
    activityReport(counter, idleMs) {
      const statement = activityStatement({ gatewayId, sessionId: session.id, counter, idleMs })
      return { counter, idleMs, signature: signBytes('sha256', statement, identity.key).toString('base64') }
    },
    follow: (listeners) =>
      void followEvents({
        ...listeners,
        host,
        port,
        agent: apiAgent,
        signal: ended.signal,
        random,
        silenceMs: patience.silenceMs,
      }),
    close: () => {
      ended.abort()
      apiAgent.destroy()
      pixelAgent.destroy()
    },
  }
}
