import type { Agent } from 'node:https'
import axios from 'axios'
import {
  fillPath,
  type Route,
  type RouteBody,
  type RouteParams,
  type RouteQuery,
  type RouteResponse,
} from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import { channelError, parseJson, refusalOf } from './failures.ts'

/** The parts of a request that its route declares, and no others. */
export type CallInput<R extends Route> = Part<'params', RouteParams<R>> &
  Part<'query', RouteQuery<R>> &
  Part<'body', RouteBody<R>>
type Part<K extends string, T> = undefined extends T ? unknown : { [P in K]: T }

type Arguments<R extends Route> = unknown extends CallInput<R> ? [] : [input: CallInput<R>]

/** Calls a route of the gateway; what comes back has passed the route's schema. */
export type ApiCall = <R extends Route>(route: R, ...input: Arguments<R>) => Promise<RouteResponse<R>>

const largestAnswer = 64 * 1024 * 1024
/** A question's answer may be large and its request may have to wait for a connection. */
const longestAnswerMs = 60_000

/**
 * The JSON API over one agent. No proxy, no redirect: the gateway answers itself or nobody does. A gateway that hangs
 * fails as unreachable: after `timeoutMs` of silence, and a call that changes something after `timeoutMs` altogether.
 */
export function createApiCall(options: {
  host: string
  port: number
  agent: Agent
  timeoutMs?: number
}): ApiCall {
  const { host, port, agent, timeoutMs = 20_000 } = options
  const client = axios.create({
    adapter: 'http',
    baseURL: `https://${host}:${port}`,
    httpsAgent: agent,
    proxy: false,
    maxRedirects: 0,
    timeout: timeoutMs,
    maxContentLength: largestAnswer,
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  })

  return async (route, ...[input]) => {
    const { params, query, body } = (input ?? {}) as { params?: object; query?: object; body?: unknown }
    const answer = await client
      .request<string>({
        method: route.method,
        url: fillPath(route.path, params as Record<string, string | number>),
        params: query,
        // axios gives an empty POST a form's content type, unless told that there is none.
        headers: { 'content-type': body === undefined ? false : 'application/json' },
        data: body === undefined ? undefined : JSON.stringify(body),
        // Of the whole call: the client's own timeout does not count while a request waits for a free connection.
        signal: AbortSignal.timeout(route.method === 'GET' ? longestAnswerMs : timeoutMs),
      })
      .catch((error: unknown) => {
        throw channelError(error)
      })
    if (answer.status < 200 || answer.status > 299) throw refusalOf(answer.data)
    if (route.response === 'stream') throw new VigilError('internal')
    const parsed = route.response.safeParse(answer.data === '' ? {} : parseJson(answer.data))
    if (!parsed.success) throw new VigilError('gateway-protocol', { reason: 'answer' })
    return parsed.data as never
  }
}
