import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Api, Route, RouteBody, RouteParams, RouteQuery, RouteResponse } from '../../shared/api/index.ts'
import type { SessionPrincipal } from '../foundation.ts'

type PrincipalOf<R extends Route> = R['principal'] extends 'session'
  ? SessionPrincipal
  : { kind: 'workstation'; workstationId: string; workstationName: string }

/** A validated request: every part has passed its schema, the principal its checks. */
export interface ApiRequest<R extends Route> {
  principal: PrincipalOf<R>
  params: RouteParams<R>
  query: RouteQuery<R>
  body: RouteBody<R>
  /** The TLS connection it came on, for channel binding. */
  socket: TLSSocket
  address: string
  /** Aborts when the other side goes away. */
  signal: AbortSignal
}

/** A body that is not JSON. */
export interface StreamAnswer {
  contentType: string
  /** Of a stream whose length is known, in bytes; one that breaks before it is seen to be broken at the other end. */
  length?: number
  body: Buffer | Readable
}

export type RouteHandler<R extends Route> = (
  request: ApiRequest<R>,
) => Promise<R['response'] extends 'stream' ? StreamAnswer : RouteResponse<R>>

/** The handlers of some of the routes; a capability exports one such map, the composition root joins them. */
export type Handlers<Names extends keyof Api> = { [N in Names]: RouteHandler<Api[N]> }
