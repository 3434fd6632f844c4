import type { TLSSocket } from 'node:tls'
import type { Challenge } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'

/** What a challenge may be answered with; one purpose's nonce is worthless for the other. */
export type ChallengePurpose = 'sign-in' | 'unlock'

export interface Challenges {
  /** A new nonce for this socket; the one before it is void. */
  issue(socket: TLSSocket, purpose: ChallengePurpose): Challenge
  /** The socket's nonce, void from now on whatever comes of it. @throws VigilError `challenge-invalid`. */
  consume(socket: TLSSocket, purpose: ChallengePurpose): Uint8Array
}

/** Single-use nonces, each tied to the socket it was given on; they go with the socket. */
export function createChallenges(foundation: Foundation): Challenges {
  const { clock, random, gatewayId, config } = foundation
  const lifetimeMs = config.identity.challengeSeconds * 1000
  const outstanding = new WeakMap<
    TLSSocket,
    { nonce: Uint8Array; purpose: ChallengePurpose; expiresAt: number }
  >()
  return {
    issue(socket, purpose) {
      const nonce = random(32)
      outstanding.set(socket, { nonce, purpose, expiresAt: clock() + lifetimeMs })
      return { gatewayId, nonce: Buffer.from(nonce).toString('base64'), expiresInMs: lifetimeMs }
    },
    consume(socket, purpose) {
      const challenge = outstanding.get(socket)
      outstanding.delete(socket)
      if (!challenge || challenge.purpose !== purpose || clock() >= challenge.expiresAt) {
        throw new VigilError('challenge-invalid')
      }
      return challenge.nonce
    },
  }
}

/** The keying material that both ends of this TLS connection, and nobody else, can export (RFC 9266 tls-exporter). */
export function channelBinding(socket: TLSSocket): Uint8Array {
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
}
