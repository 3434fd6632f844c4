import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pooledAgent } from '../../../src/main/channel/agent.ts'
import { followEvents } from '../../../src/main/channel/events.ts'
import { openStream } from '../../../src/main/channel/stream.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import type { SessionEvent } from '../../../src/shared/session/index.ts'
import { startGateway, type TestGateway, type TestSession } from '../../server/gateway-harness.ts'

describe('streams from the gateway', () => {
  let gateway: TestGateway
  let session: TestSession
  const uncaught: unknown[] = []
  const keep = (error: unknown) => uncaught.push(error)

  beforeAll(async () => {
    process.on('uncaughtException', keep)
    gateway = await startGateway({ tuning: { keepAliveMs: 50 } })
    session = await gateway.session(await gateway.workstation('w'), await gateway.person('zhang'))
  })
  afterAll(async () => {
    await gateway.close()
    process.off('uncaughtException', keep)
  })

  function target(signal: AbortSignal) {
    const { certificate, privateKey } = session.identity
    const to = { host: '127.0.0.1', port: gateway.apiPort }
    const agent = pooledAgent(
      { ...to, gatewayCa: () => gateway.authorities.gatewayCa, key: privateKey, certificate },
      2,
    )
    return { ...to, agent, signal }
  }
  const turn = () => new Promise((resolve) => setTimeout(resolve, 50))

  it('end quietly when aborted before, while and after they are read', async () => {
    const early = new AbortController()
    const opening = openStream({ ...target(early.signal), path: '/v1/events', idleTimeoutMs: 0 }).catch(
      failureOf,
    )
    early.abort()
    expect(await opening).toMatchObject({ code: 'gateway-unreachable' })

    const unread = new AbortController()
    await openStream({ ...target(unread.signal), path: '/v1/events', idleTimeoutMs: 0 })
    unread.abort()
    await turn()

    const done = new AbortController()
    const answer = await openStream({ ...target(done.signal), path: '/v1/events', idleTimeoutMs: 0 })
    answer.destroy()
    done.abort()
    await turn()
    expect(uncaught).toEqual([])
  })

  it('give the refusal of the gateway by its code', async () => {
    const { signal } = new AbortController()
    const path = '/v1/studies/1.2/series/1.3/instances/1.4/frames/1'
    expect(await openStream({ ...target(signal), path, idleTimeoutMs: 0 }).catch(failureOf)).toMatchObject({
      code: 'study-not-found',
    })
  })

  it('follow events over a break in the connection, until the session is over', async () => {
    const ended = new AbortController()
    const events: SessionEvent[] = []
    const reachable: boolean[] = []
    const over = Promise.withResolvers<string>()
    const to = target(ended.signal)
    void followEvents({
      silenceMs: 40_000,
      ...to,
      random: randomBytes,
      onEvent: (event) => events.push(event),
      onReachable: (now) => reachable.push(now),
      onOver: (error) => over.resolve(error.code),
    })
    await expect.poll(() => events.some(({ kind }) => kind === 'hello')).toBe(true)
    await expect.poll(() => events.some(({ kind }) => kind === 'keep-alive')).toBe(true)
    for (const sockets of Object.values(to.agent.sockets))
      for (const socket of sockets ?? []) socket.destroy()
    await expect.poll(() => reachable, { timeout: 5_000 }).toEqual([true, false, true])
    await gateway.sessions.end(session.id, 'idle', { kind: 'cli', id: 'test' })
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'session-ended', reason: 'idle' })
    expect(['session-required', 'session-ended']).toContain(await over.promise)
    expect(uncaught).toEqual([])
  })
})
