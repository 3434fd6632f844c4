import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { registerRoutes } from '../../../src/server/http/register-routes.ts'
import { createTlsListener, defaultLimits, type Listener } from '../../../src/server/http/tls-server.ts'
import type { Route } from '../../../src/shared/api/index.ts'

const log = pino({ level: 'silent' })
const guards = {
  principalOf: () => Promise.reject(new Error('not asked here')),
  audit: {} as never,
  access: { record: async () => {} },
  restriction: async () => null,
  checkResponses: true,
}
const whole: Route = {
  method: 'GET',
  path: '/v1/thing',
  principal: 'session',
  permission: 'session.own',
  response: z.object({}),
}
const handler = async () => ({})

let listener: Listener
beforeEach(() => {
  listener = createTlsListener({ tls: () => ({ key: '', cert: '' }), limits: defaultLimits, log })
})
afterEach(() => listener.close())

const start = (
  route: Partial<Route>,
  handlers: Record<string, () => Promise<unknown>> = { thing: handler },
) => registerRoutes(listener.server, { thing: { ...whole, ...route } as Route }, handlers, guards)

describe('the route table', () => {
  it('starts whole', () => {
    expect(() => start({})).not.toThrow()
  })

  it.each([
    ['principal', { principal: undefined }],
    ['known principal', { principal: 'anybody' }],
    ['permission', { permission: undefined }],
    ['permission though it serves sessions', { permission: null }],
    ['known permission', { permission: 'everything' }],
    ['null permission though it serves workstations', { principal: 'workstation' }],
    ['schema for its path', { path: '/v1/thing/:id' }],
    ['response', { response: undefined }],
  ])('does not start with a route without a %s', (_, route) => {
    expect(() => start(route as never)).toThrow(/route thing/)
  })

  it('does not start with a route that nobody handles, or a handler of no route', () => {
    expect(() => start({}, {})).toThrow('route thing has no handler')
    expect(() => start({}, { thing: handler, other: handler })).toThrow('handler other has no route')
  })

  it('is the only place that routes come from', async () => {
    expect(() => listener.server.get('/v1/hidden', async () => ({}))).toThrow('/v1/hidden')
    await expect(
      (async () => {
        await listener.server.register(async (plugin) => {
          plugin.get('/v1/nested', async () => ({}))
        })
        await listener.server.ready()
      })(),
    ).rejects.toThrow('/v1/nested')
  })
})
