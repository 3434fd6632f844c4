import type { IncomingMessage } from 'node:http'
import { decide, type Role } from '../../src/shared/access/index.ts'
import { type Api, api, fillPath, type Route } from '../../src/shared/api/index.ts'
import type { Answer, Channel } from '../server/channel.ts'
import { params } from './patient.ts'

/** Every route of the API listener, none left out. */
export const routes = Object.entries(api) as [keyof Api, Route][]

export const pathOf = (route: Route): string => fillPath(route.path, params)

/** A body that its schema takes, so that what is refused is refused for who asks. */
const bodies: Partial<Record<keyof Api, unknown>> = {
  activity: { counter: 1, idleMs: 0 },
  saveDraft: { text: { findings: '', impression: '' }, baseRevision: 0 },
  prepareSignOff: { text: { findings: '', impression: '' } },
}
export const bodyOf = (name: keyof Api): { body?: unknown } =>
  bodies[name] === undefined ? {} : { body: bodies[name] }

export const mayCall = (role: Role, { permission }: Route): boolean =>
  permission !== null && decide({ roles: [role] }, permission)

/** Calls a route as a client of it would; a stream is hung up on as soon as its head has come. */
export async function callRoute(channel: Channel, name: keyof Api): Promise<Answer> {
  const route: Route = api[name]
  if (name !== 'events') return channel.send(route.method, pathOf(route), bodyOf(name))
  const stream = (await channel.stream(route.path)) as unknown as IncomingMessage
  if (stream.statusCode === 200) {
    stream.destroy()
    return { status: 200, headers: stream.headers, body: undefined, bytes: Buffer.alloc(0) }
  }
  const bytes = Buffer.concat(await stream.toArray())
  return { status: stream.statusCode ?? 0, headers: stream.headers, body: JSON.parse(`${bytes}`), bytes }
}
