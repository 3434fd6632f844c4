import type { IncomingMessage } from 'node:http'
import { api, type TokenFailure } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { SessionEvent, SessionView } from '../../shared/session/index.ts'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import type { WorkstationIdentity } from '../vault/index.ts'
import { type ChannelIdentity, pooledAgent } from './agent.ts'
import { type ApiCall, createApiCall } from './call.ts'
import { followEvents } from './events.ts'
import { signIn, type TokenSigner, unlock } from './sign-in.ts'
import { openStream } from './stream.ts'

export type { ApiCall } from './call.ts'
export { enrol } from './enrol.ts'
export { channelError, isSessionOver, isUnreachable } from './failures.ts'
export type { TokenSigner } from './sign-in.ts'

/** Certificates are dated; beyond this difference a sign-in would fail in ways nobody can read. */
export const clockToleranceMs = 5 * 60_000

/** The gateway before anybody has signed in, spoken to with the workstation's certificate. */
export interface Gateway {
  /** @throws VigilError clock-skewed (facts skewMs, gateway minus here), gateway-untrusted, and those of the channel */
  check(): Promise<void>
  signIn(options: {
    sign: TokenSigner
    password?: string | undefined
    takeOver: boolean
  }): Promise<SessionChannel>
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
  follow(listeners: {
    onEvent(event: SessionEvent): void
    onReachable(reachable: boolean): void
    onOver(error: VigilError): void
  }): void
  close(): void
}

export function createGateway(
  identity: WorkstationIdentity,
  { clock, random }: { clock: Clock; random: RandomBytes },
): Gateway {
  const workstation: ChannelIdentity = {
    host: identity.host,
    port: identity.apiPort,
    gatewayCa: identity.gatewayCa,
    key: identity.key,
    certificate: `${identity.certificate.trim()}\n${identity.issuer}`,
  }
  const agent = pooledAgent(workstation, 2)
  const call = createApiCall({ ...workstation, agent, timeoutMs: 10_000 })

  async function check(): Promise<void> {
    const { gatewayId, now } = await call(api.status)
    if (gatewayId !== identity.gatewayId) throw new VigilError('gateway-untrusted', { reason: 'gateway-id' })
    const skewMs = Math.round(now - clock())
    if (Math.abs(skewMs) > clockToleranceMs) throw new VigilError('clock-skewed', { skewMs })
  }

  return {
    check,
    async signIn(options) {
      await check()
      const { workstationId, gatewayId } = identity
      const signedIn = await signIn({ workstation, workstationId, gatewayId, ...options })
      return openSession(signedIn.identity, signedIn.session, gatewayId, random)
    },
    async reportTokenFailures(failures) {
      await call(api.tokenFailures, { body: { failures } })
    },
    close: () => agent.destroy(),
  }
}

function openSession(
  identity: ChannelIdentity,
  session: SessionView,
  gatewayId: string,
  random: RandomBytes,
): SessionChannel {
  // Two pools: a study's thousand frames in the queue must not hold back the saving of a report.
  const apiAgent = pooledAgent(identity, 6)
  const pixelAgent = pooledAgent(identity, 8)
  const ended = new AbortController()
  const { host, port } = identity

  return {
    session,
    gatewayId,
    call: createApiCall({ host, port, agent: apiAgent }),
    stream: (path, signal) =>
      openStream({
        host,
        port,
        agent: pixelAgent,
        path,
        signal: AbortSignal.any([signal, ended.signal]),
        idleTimeoutMs: 30_000,
      }),
    unlock: (sign) => unlock({ session: identity, sessionId: session.id, gatewayId, sign }),
    follow: (listeners) =>
      void followEvents({ host, port, agent: apiAgent, signal: ended.signal, random, ...listeners }),
    close: () => {
      ended.abort()
      apiAgent.destroy()
      pixelAgent.destroy()
    },
  }
}
