import type { TLSSocket } from 'node:tls'
import type { Api } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import { auditActor, type Handlers, type RouteHandler } from '../../http/index.ts'
import type { Authorities } from '../../pki/index.ts'
import type { EnrolmentCodes } from './enrolment.ts'
import type { Renewal } from './renewal.ts'
import { ticketText } from './ticket.ts'
import type { Workstations } from './workstations.ts'

type Names =
  | 'renewWorkstation'
  | 'workstations'
  | 'createEnrolmentTicket'
  | 'suspendWorkstation'
  | 'resumeWorkstation'
  | 'revokeWorkstation'

/** The routes of workstations: their own renewal, and what the security officer does with them. */
export function workstationHandlers(
  { config }: Pick<Foundation, 'config'>,
  deps: {
    workstations: Workstations
    renewal: Renewal
    codes: EnrolmentCodes
    authorities: Authorities
    enrolment: { refresh(): Promise<void>; port(): number | null }
    /** Display names of who is signed in, by workstation id. */
    signedIn(): Promise<ReadonlyMap<string, readonly string[]>>
  },
): Handlers<Names> {
  const { workstations, renewal, codes, authorities, enrolment } = deps
  return {
    renewWorkstation: ({ body, principal, socket, address }) =>
      renewal.renew(Buffer.from(body.csr, 'base64'), {
        principal,
        presented: presentedOn(socket),
        actor: auditActor(principal, address),
      }),
    workstations: () => workstations.list(deps.signedIn),
    async createEnrolmentTicket({ body, principal, address }) {
      const { code, expiresAt } = await codes.create(auditActor(principal, address), body.minutes * 60_000)
      await enrolment.refresh()
      const port = enrolment.port()
      if (port === null) throw new VigilError('enrolment-closed')
      const host = config.serverNames[0] ?? config.listen.host
      return { ticket: ticketText({ host, port, code, pin: authorities.gatewayPin }), expiresAt }
    },
    async suspendWorkstation({ params, body, principal, address }) {
      await workstations.suspend(params.id, auditActor(principal, address), body.reason)
      return {}
    },
    async resumeWorkstation({ params, body, principal, address }) {
      await workstations.resume(params.id, auditActor(principal, address), body.reason)
      return {}
    },
    async revokeWorkstation({ params, body, principal, address }) {
      await workstations.revoke(params.id, auditActor(principal, address), body.reason)
      return {}
    },
  }
}

/** What the status route adds of the workstation that asks. */
export function workstationStatus(renewal: Renewal) {
  return ({ principal, socket, query }: Parameters<RouteHandler<Api['status']>>[0]) =>
    renewal.status(principal, presentedOn(socket), query.trusts?.split(',') ?? [])
}

function presentedOn(socket: TLSSocket) {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw new VigilError('client-certificate-required')
  return certificate
}
