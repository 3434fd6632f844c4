import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pooledAgent } from '../../../src/main/channel/agent.ts'
import { openStream } from '../../../src/main/channel/stream.ts'
import { startGateway, type TestGateway } from '../../server/gateway-harness.ts'

/**
 * node:http takes its error listener off a socket as soon as an answer has ended; an abort in that very turn emits an
 * error on the socket that nobody would hear, and ended the process.
 */
describe('a stream that is aborted in the turn of its end', () => {
  let gateway: TestGateway
  let server: ReturnType<typeof createServer>
  const uncaught: unknown[] = []
  const keep = (error: unknown) => uncaught.push(error)

  beforeAll(async () => {
    process.on('uncaughtException', keep)
    gateway = await startGateway()
  })
  afterAll(async () => {
    server.close()
    await gateway.close()
    process.off('uncaughtException', keep)
  })

  it('ends quietly', async () => {
    const { certificate, privateKey } = (await gateway.workstation('w')).identity
    server = createServer({ cert: certificate, key: privateKey }, (_request, answer) => answer.end('{}\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const to = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
    const identity = { ...to, gatewayCa: () => '', key: privateKey, certificate }
    const agent = pooledAgent(identity, 1)
    agent.options.rejectUnauthorized = false
    for (let turns = 0; turns < 12; turns++) {
      const aborting = new AbortController()
      const answer = await openStream({ ...to, agent, path: '/', signal: aborting.signal, idleTimeoutMs: 0 })
      answer.once('data', async () => {
        for (let turn = 0; turn < turns; turn++) await null
        aborting.abort()
      })
      await new Promise((resolve) => answer.once('close', resolve))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(uncaught).toEqual([])
  })
})
