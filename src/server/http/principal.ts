import type { TLSSocket } from 'node:tls'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AuditEntry, AuditTrail } from '../audit/index.ts'
import type { Principal, SessionPrincipal } from '../foundation.ts'
import {
  type Authorities,
  derFingerprint,
  type Generations,
  type Issuer,
  sessionIdOf,
  workstationIdOf,
} from '../pki/index.ts'
import { createRefusals } from './refusals.ts'

type WorkstationPrincipal = Extract<Principal, { kind: 'workstation' }>

/** Whom a connection's certificate names; it cannot change while the connection lives and the CAs stay what they are. */
interface Peer {
  issuer: Issuer
  /** The CAs that it was held against. */
  against: Generations
  notAfter: number
  fingerprint: string
  /** The id in a workstation's certificate. */
  workstationId: string | null
  /** The id in a session's certificate. */
  sessionId: string | null
}

const suspendedToldMs = 600_000

/**
 * Resolves a connection to its principal. The certificate is read once per socket, and again when a CA was rotated;
 * whether it is still worth anything is asked on every request: TLS looked at its dates only when the connection began.
 */
export function createPrincipals(deps: {
  authorities: Authorities
  /** @throws VigilError `workstation-unknown`, `workstation-revoked` or `workstation-suspended`. */
  workstation(certificate: { id: string; fingerprint: string }): Promise<WorkstationPrincipal>
  /** @throws VigilError `session-ended`, or why else the session is worth nothing. */
  session(fingerprint: string, socket: TLSSocket): Promise<SessionPrincipal>
  audit: AuditTrail
  clock?: Clock
}): { principalOf(socket: TLSSocket): Promise<Principal> } {
  const clock = deps.clock ?? Date.now
  const refused = createRefusals(deps.audit, clock)
  const peers = new WeakMap<TLSSocket, Peer>()
  const suspendedTold = new Map<string, number>()

  /** A suspended workstation goes on asking every few seconds, for days: told now and then, not each time. */
  function isTold({ fingerprint }: Peer, code: string): boolean {
    if (code !== 'workstation-suspended') return false
    const since = clock() - (suspendedTold.get(fingerprint) ?? Number.NEGATIVE_INFINITY)
    if (since >= 0 && since < suspendedToldMs) return true
    suspendedTold.set(fingerprint, clock())
    return false
  }

  function peerOf(socket: TLSSocket): Peer {
    const against = deps.authorities.generations
    const known = peers.get(socket)
    if (known?.against === against) return known
    const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined
    const issuer = certificate && deps.authorities.issuerOf(certificate)
    if (!certificate || !issuer) throw new VigilError('client-certificate-required')
    const peer = {
      issuer,
      against,
      notAfter: Date.parse(certificate.validTo),
      fingerprint: derFingerprint(certificate.raw),
      workstationId: workstationIdOf(certificate),
      sessionId: sessionIdOf(certificate),
    }
    peers.set(socket, peer)
    return peer
  }

  async function resolve(peer: Peer, socket: TLSSocket): Promise<Principal> {
    if (peer.issuer === 'session') return deps.session(peer.fingerprint, socket)
    if (!peer.workstationId) throw new VigilError('workstation-unknown')
    if (clock() >= peer.notAfter)
      throw new VigilError('certificate-expired', { of: 'workstation', notAfter: peer.notAfter })
    return deps.workstation({ id: peer.workstationId, fingerprint: peer.fingerprint })
  }

  return {
    async principalOf(socket) {
      const peer = peerOf(socket)
      try {
        return await resolve(peer, socket)
      } catch (error) {
        if (!(error instanceof VigilError) || isTold(peer, error.code)) throw error
        await refused(peer.fingerprint, {
          actor: {
            kind: 'workstation',
            id: peer.workstationId ?? '',
            ...(socket.remoteAddress ? { address: socket.remoteAddress } : {}),
          },
          ...(peer.sessionId ? { object: { kind: 'session', id: peer.sessionId } } : {}),
          detail: { code: error.code, certificate: peer.fingerprint },
        })
        throw error
      }
    },
  }
}

/** The principal as the audit names it. */
export function auditActor(principal: Principal, address?: string): AuditEntry['actor'] {
  const where = address ? { address } : {}
  return principal.kind === 'workstation'
    ? { kind: 'workstation', id: principal.workstationId, ...where }
    : {
        kind: 'account',
        id: principal.accountId,
        workstationId: principal.workstationId,
        sessionId: principal.sessionId,
        ...where,
      }
}
