import type { z } from 'zod'
import type { Permission } from '../access/index.ts'

/** Who a route serves: a workstation before sign-in, or a signed-in session. */
export type PrincipalKind = 'workstation' | 'session'

/**
 * One route of the gateway: the single place that both ends take its path, its schemas and its access rule from.
 * `response: 'stream'` means the body is not JSON (frames, events); the route's docstring says what it is.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly principal: PrincipalKind
  /** Null only for workstation routes, which no account is behind. */
  readonly permission: Permission | null
  /** True where a locked session may still call it; everything else is refused while locked. */
  readonly whileLocked?: boolean
  /**
   * True for the one route that a study (`:study`, `?study=`) whose sensitivity label is above the person's clearance is opened
   * by; every other is refused with `study-restricted`.
   */
  readonly whileRestricted?: boolean
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Largest request body in bytes; 16 KiB where absent. */
  readonly bodyLimit?: number
  readonly response: z.ZodType | 'stream'
}

export type RouteParams<R extends Route> = R['params'] extends z.ZodType ? z.infer<R['params']> : undefined
export type RouteQuery<R extends Route> = R['query'] extends z.ZodType ? z.infer<R['query']> : undefined
export type RouteBody<R extends Route> = R['body'] extends z.ZodType ? z.infer<R['body']> : undefined
export type RouteResponse<R extends Route> = R['response'] extends z.ZodType ? z.infer<R['response']> : never
