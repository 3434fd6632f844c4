import { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decide, Permission } from '../../shared/access/index.ts'
import type { Route } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessAudit, AuditTrail } from '../audit/index.ts'
import type { Principal, SessionPrincipal } from '../foundation.ts'
import { auditActor } from './principal.ts'
import { createRefusals } from './refusals.ts'
import type { StreamAnswer } from './route-handlers.ts'
import { declared, type TlsFastify } from './tls-server.ts'
import { validated } from './validate.ts'

/** A handler as the table is walked: which route it belongs to is checked at start, its types at compile time. */
// biome-ignore lint/suspicious/noExplicitAny: each handler's own types stand in Handlers<keyof Api>
type AnyHandler = (request: any) => Promise<unknown>

export interface Guards {
  /** Who the connection's certificate stands for. @throws VigilError, audited by it, where it stands for nobody. */
  principalOf(socket: TLSSocket): Promise<Principal>
  audit: AuditTrail
  /** Records what was read or asked for, before the answer leaves. */
  access: AccessAudit
  /**
   * The sensitivity label that keeps a session from a study, and the study's blind index; null where it may open it. Asked for
   * every route that names a study in its path or query.
   */
  restriction(
    principal: SessionPrincipal,
    studyInstanceUid: string,
    purpose: { permission: Permission | null },
  ): Promise<{ sensitivity: string; studyIndex: string; because: string } | null>
  clock?: Clock
  /** What to answer for anything thrown on the way: stored data that was found damaged is made known and becomes a refusal. */
  refusal?(thrown: unknown): Promise<unknown>
  /** Holds every answer against the route's schema; for tests and development. */
  checkResponses: boolean
}

const principalKey = Symbol('principal')
type Guarded = FastifyRequest & { [principalKey]?: Principal }

/**
 * Puts the route table on the server. Each request passes, in this order and before its body is read: certificate →
 * principal, kind of principal, permission, lock, sensitivity label of the study that it names; then the schemas of its parts;
 * then its handler.
 * @throws Error naming the route that declares no principal or permission, or has no handler, and the handler without route.
 */
export function registerRoutes(
  server: TlsFastify,
  routes: Record<string, Route>,
  handlers: Record<string, AnyHandler>,
  guards: Guards,
): void {
  const refused = createRefusals(guards.audit, guards.clock ?? Date.now)
  for (const name of Object.keys(handlers)) {
    if (!(name in routes)) throw new Error(`handler ${name} has no route`)
  }
  for (const [name, route] of Object.entries(routes)) {
    const handler = handlers[name]
    checkDeclaration(name, route)
    if (typeof handler !== 'function') throw new Error(`route ${name} has no handler`)
    server.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit ?? 16_384,
      config: { [declared]: true },
      onRequest: async (request: Guarded) => {
        request[principalKey] = await refusing(guards, () => guard(name, route, request, guards, refused))
      },
      handler: (request, reply) =>
        refusing(guards, () => answer(name, route, handler, guards, request, reply)),
    })
  }
}

async function refusing<T>({ refusal }: Guards, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw refusal ? await refusal(error) : error
  }
}

function checkDeclaration(name: string, route: Route): void {
  const { principal, permission } = route
  if (principal !== 'workstation' && principal !== 'session') {
    throw new Error(`route ${name} declares no principal`)
  }
  if (principal === 'session' && !Permission.safeParse(permission).success) {
    throw new Error(`route ${name} serves sessions and declares no permission`)
  }
  if (principal === 'workstation' && permission !== null) {
    throw new Error(`route ${name} serves workstations; its permission must be null`)
  }
  if (route.path.includes(':') && !route.params) throw new Error(`route ${name} has no schema for its path`)
  if (!route.response) throw new Error(`route ${name} declares no response`)
}

/** @throws VigilError where the caller may not use the route; each such refusal is audited. */
async function guard(
  name: string,
  route: Route,
  request: FastifyRequest,
  guards: Guards,
  refused: ReturnType<typeof createRefusals>,
): Promise<Principal> {
  const principal = await guards.principalOf(request.raw.socket as TLSSocket)
  const refusal = refusalOf(route, principal)
  if (!refusal) {
    if (principal.kind === 'session' && !route.whileRestricted)
      await mustBeOpen(name, route, principal, request, guards, refused)
    return principal
  }
  if (refusal !== 'session-locked') {
    const key = principal.kind === 'session' ? principal.sessionId : principal.workstationId
    await refused(key, {
      actor: auditActor(principal, request.raw.socket.remoteAddress),
      object: { kind: 'route', id: name },
      detail: { code: refusal },
    })
  }
  throw new VigilError(refusal)
}

/** @throws VigilError `study-restricted`, audited, where the request names a study whose label is above the clearance. */
async function mustBeOpen(
  name: string,
  { permission }: Route,
  principal: SessionPrincipal,
  request: FastifyRequest,
  guards: Guards,
  refused: ReturnType<typeof createRefusals>,
): Promise<void> {
  for (const study of studiesIn(request)) {
    const restriction = await guards.restriction(principal, study, { permission })
    if (!restriction) continue
    const { sensitivity, studyIndex, because } = restriction
    await refused(principal.sessionId, {
      actor: auditActor(principal, request.raw.socket.remoteAddress),
      object: { kind: 'study', id: studyIndex },
      detail: { code: 'study-restricted', route: name, sensitivity, because },
    })
    throw new VigilError('study-restricted', { sensitivity })
  }
}

/** As they came, not validated yet: what is no UID is no study either. */
function studiesIn({ params, query }: FastifyRequest): string[] {
  return [params, query].flatMap((part) => {
    const study: unknown = (part as { study?: unknown } | undefined)?.study
    if (Array.isArray(study)) return study.filter((one) => typeof one === 'string')
    return typeof study === 'string' ? [study] : []
  })
}

function refusalOf(
  route: Route,
  principal: Principal,
): 'session-required' | 'permission-denied' | 'session-locked' | null {
  if (route.principal === 'session') {
    if (principal.kind !== 'session') return 'session-required'
    if (route.permission === null || !decide(principal, route.permission)) return 'permission-denied'
    return principal.locked && !route.whileLocked ? 'session-locked' : null
  }
  return principal.kind === 'workstation' ? null : 'permission-denied'
}

async function answer(
  name: string,
  route: Route,
  handler: AnyHandler,
  guards: Guards,
  request: Guarded,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const abort = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
  })
  const socket = request.raw.socket as TLSSocket
  const principal = request[principalKey]
  const address = socket.remoteAddress ?? ''
  const parts = {
    params: validated('params', route.params, request.params),
    query: validated('query', route.query, request.query),
    body: validated('body', route.body, request.body),
  }
  const asked = { ...parts, actor: auditActor(principal as Principal, address) }
  const result = await guards.audit.during(() =>
    handler({ principal, ...parts, socket, address, signal: abort.signal }).catch(async (error: unknown) => {
      if (!abort.signal.aborted) await guards.access.record(name, asked, error)
      throw error
    }),
  )
  try {
    await guards.access.record(name, asked)
  } catch (error) {
    const { body } = (result ?? {}) as Partial<StreamAnswer>
    if (body instanceof Readable) body.destroy()
    throw error
  }
  if (route.response === 'stream') {
    const { contentType, length, body } = result as StreamAnswer
    if (length !== undefined) reply.header('content-length', length)
    return reply.header('content-type', contentType).send(body)
  }
  if (guards.checkResponses) {
    const checked = route.response.safeParse(result)
    // Only where in the answer it is wrong: its values may be clinical.
    const where = checked.error?.issues[0]?.path.map(String).join('.')
    if (!checked.success) throw new TypeError(`the answer of ${name} is not what it declares, at ${where}`)
  }
  return reply.header('content-type', 'application/json; charset=utf-8').send(result)
}
