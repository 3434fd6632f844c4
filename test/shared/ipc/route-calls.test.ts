import { describe, expect, it } from 'vitest'
import type { Route } from '../../../src/shared/api/index.ts'
import {
  type RouteCall,
  routeCallChannels,
  routeCallInput,
  routeCalls,
} from '../../../src/shared/ipc/index.ts'

const id = '0b2f6e0e-5a4c-4f0a-9a43-1f2b9d3f5a11'
const calls = Object.entries(routeCalls) as [RouteCall, Route][]

describe('route calls', () => {
  it('take parameters and body together, and come apart again', () => {
    const { args } = routeCallChannels['administration.disable-account']
    const given = { id, reason: '离职' }
    expect(args.parse(given)).toEqual(given)
    expect(routeCallInput(routeCalls['administration.disable-account'], given)).toEqual({
      params: { id },
      body: { reason: '离职' },
    })
  })

  it('refuse a key that neither part has, and one that is missing', () => {
    const { args } = routeCallChannels['administration.edit-account']
    expect(args.safeParse({ id, displayName: '王芳', roles: ['auditor'] }).success).toBe(false)
    expect(args.safeParse({ displayName: '王芳' }).success).toBe(false)
    expect(args.safeParse({ id, displayName: '王芳' }).success).toBe(true)
  })

  it('with a query of optional parts take an empty object; with no part at all nothing', () => {
    const failures = routeCallChannels['administration.sign-in-failures'].args
    expect(failures.safeParse({}).success).toBe(true)
    expect(failures.safeParse(undefined).success).toBe(false)
    expect(routeCallInput(routeCalls['administration.sign-in-failures'], { before: 5 })).toEqual({
      query: { before: 5 },
    })
    expect(routeCallChannels['bootstrap.state'].args.safeParse(undefined).success).toBe(true)
    expect(routeCallChannels['bootstrap.state'].args.safeParse({ a: 1 }).success).toBe(false)
    expect(routeCallInput(routeCalls['bootstrap.state'], undefined)).toEqual({})
  })

  it.each(calls)('%s: every part of its route has its keys in the arguments', (call, route) => {
    const input = routeCallInput(route, {})
    for (const part of ['params', 'query', 'body'] as const) {
      expect(part in input).toBe(route[part] !== undefined)
    }
    expect(routeCallChannels[call].result).toBe(route.response)
  })
})
