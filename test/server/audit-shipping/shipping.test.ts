import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuditShipping, type ShippingTimes } from '../../../src/server/audit-shipping/index.ts'
import type { AuditCheckpoint } from '../../../src/shared/audit/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { createLogServer, hasRsyslog, seqs, until } from './log-server.ts'

const times: Partial<ShippingTimes> = {
  connectMs: 1500,
  deliverMs: 1500,
  pollMs: 20,
  graceMs: 100,
  settleMs: 60_000,
  retryMs: 50,
  retryMaximumMs: 200,
}

let dir: string
const closers: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-log-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(dir, { recursive: true, force: true })
})

/** A gateway's trail with a shipping of its own. */
async function openTrail(shipping: object, at: { dir?: string; masterKey?: Buffer } = {}) {
  const foundation = await openTestFoundation({ audit: { shipping } }, { ...at, now: Date.now() })
  const made: AuditCheckpoint[] = []
  const checkpointsShipped: number[] = []
  const ship = (more: Partial<ShippingTimes> = {}) => {
    const shippingOf = createAuditShipping(foundation, {
      audit: foundation.audit,
      checkpoints: {
        certificatePem: 'PEM',
        unshipped: async () => made.filter(({ seq }) => !checkpointsShipped.includes(seq)),
        shipped: async (seq) => void checkpointsShipped.push(seq),
      },
      staff: async () => new Map([['li', { name: '李伟', roles: ['radiologist'] }]]),
      hostName: 'gateway.hospital',
      processId: 4711,
      times: { ...times, ...more },
      watchEveryMs: 50,
    })
    shippingOf.start()
    return shippingOf
  }
  const write = async (count: number) => {
    for (let n = 0; n < count; n += 1)
      await foundation.audit.record({
        action: 'report.signed',
        outcome: 'success',
        actor: { kind: 'account', id: 'li', sessionId: 's1', workstationId: 'w1', address: '10.0.0.7' },
        object: { kind: 'report', id: `r${n}` },
        detail: {
          patientName: '王建国',
          patientId: 'P001',
          text: '脑出血',
          padding: randomBytes(300).toString('hex'),
        },
      })
    return (await foundation.audit.tail())[0]?.seq ?? 0
  }
  const state = () => createStateReader(foundation)
  return { foundation, ship, write, state, made, checkpointsShipped }
}

async function createStateReader(foundation: Awaited<ReturnType<typeof openTestFoundation>>) {
  const { shippingState } = await import('../../../src/server/audit-shipping/index.ts')
  return shippingState(foundation)
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe.skipIf(!hasRsyslog)('shipping to rsyslog', () => {
  it.each(['gtls', 'ossl'] as const)('brings every record in its order, once (%s)', async (driver) => {
    const server = await createLogServer(dir, { driver })
    closers.push(() => server.stop())
    await server.start()
    const trail = await openTrail(server.shipping())
    closers.push(() => trail.foundation.close())
    const last = await trail.write(300)
    const shipping = trail.ship()
    closers.push(() => shipping.stop())
    await until(async () => (await trail.state()).shippedSeq >= last)
    const more = await trail.write(5)
    await until(async () => (await trail.state()).shippedSeq >= more)
    const received = server.received()
    expect(received.map(({ data }) => Number(data.seq))).toEqual(upTo(more))
    expect(new Set(received.map(({ messageId }) => messageId))).toEqual(new Set(['IHE+RFC-3881']))
    const hashes = await trail.foundation.store.db.selectFrom('audit').select('hash').orderBy('seq').execute()
    expect(received.map(({ data }) => data.hash)).toEqual(hashes.map(({ hash }) => hash))
    expect(received.map(({ line }) => line).join('\n')).not.toMatch(/王建国|脑出血/)
    expect(await trail.state()).toMatchObject({ waiting: 0, lastError: null, stalledSince: null })
  })

  it('loses nothing when the receiver is killed again and again while it reads', async () => {
    const server = await createLogServer(dir, { driver: 'gtls', queue: 'LinkedList' })
    closers.push(() => server.stop())
    await server.start()
    const trail = await openTrail(server.shipping())
    closers.push(() => trail.foundation.close())
    const shipping = trail.ship()
    closers.push(() => shipping.stop())
    let last = 0
    for (let round = 0; round < 4; round += 1) {
      last = await trail.write(120)
      await new Promise((resolve) => setTimeout(resolve, 40 * round))
      await server.stop('SIGKILL')
      last = await trail.write(20)
      await server.start()
    }
    await until(() => seqs(server.received()).length >= last)
    expect(seqs(server.received()).toSorted((a, b) => a - b)).toEqual(upTo(last))
  })

  it('waits for a receiver that stands still, says so, and goes on', async () => {
    const server = await createLogServer(dir, { driver: 'ossl' })
    closers.push(() => server.stop())
    await server.start()
    const trail = await openTrail({ ...server.shipping(), stalledAfterMinutes: 0.01 })
    closers.push(() => trail.foundation.close())
    const shipping = trail.ship({ connectMs: 400, deliverMs: 400 })
    closers.push(() => shipping.stop())
    await until(async () => (await trail.state()).waiting === 0)
    server.signal('SIGSTOP')
    // More than the sockets between the two hold: the window closes.
    const last = await trail.write(1500)
    await until(async () => {
      trail.foundation.time.now += 100
      return (await trail.state()).stalledSince !== null
    })
    const standing = await trail.foundation.store.db
      .selectFrom('alarms')
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(standing).toMatchObject({ kind: 'audit-shipping-stalled', severity: 'serious', cleared_at: null })
    // Connections that nobody accepts fill its queue; from then on there is no answer at all.
    expect(JSON.parse(standing.facts).code).toMatch(/^(silent|unreachable)$/)
    server.signal('SIGCONT')
    await until(() => seqs(server.received()).length >= last)
    await until(async () => (await trail.state()).stalledSince === null)
    expect(seqs(server.received()).slice(0, last)).toEqual(upTo(last))
  })

  it('goes on where it was after a restart of the gateway, and sends checkpoints behind their records', async () => {
    const server = await createLogServer(dir, { driver: 'gtls' })
    closers.push(() => server.stop())
    await server.start()
    const trail = await openTrail(server.shipping())
    closers.push(() => trail.foundation.close())
    await trail.write(10)
    trail.made.push({ gatewayId: 'g', seq: 5, hash: 'h', at: Date.now(), signer: 's', signature: 'c2ln' })
    const first = trail.ship({ settleMs: 0 })
    await until(() => trail.checkpointsShipped.length === 1)
    await first.stop()
    const last = await trail.write(10)
    const second = trail.ship({ settleMs: 0 })
    closers.push(() => second.stop())
    await until(async () => (await trail.state()).shippedSeq >= last)
    const order = server.received().map(({ data }) => data.seq ?? `checkpoint ${data.checkpoint}`)
    expect(order.slice(0, 7)).toEqual(['1', '2', '3', '4', '5', 'checkpoint 5', '6'])
    expect(order.filter((one) => one !== 'checkpoint 5').map(Number)).toEqual(upTo(last))
  })

  it('is refused without a certificate of the log server’s CA, and with another name', async () => {
    const server = await createLogServer(dir, { driver: 'gtls' })
    closers.push(() => server.stop())
    await server.start()
    await server.issue('somebody.else', 'other')
    const s_client = [
      's_client',
      '-connect',
      `127.0.0.1:${server.port}`,
      '-CAfile',
      join(dir, 'log-ca.pem'),
      '-quiet',
    ]
    spawnSync('openssl', s_client, { input: '20 <85>1 - - - - - - x\n', timeout: 3000 })
    const trail = await openTrail(server.shipping({ client: 'other' }))
    closers.push(() => trail.foundation.close())
    await trail.write(1)
    const shipping = trail.ship()
    closers.push(() => shipping.stop())
    await until(async () => /^(refused|closed)$/.test((await trail.state()).lastError ?? ''))
    expect((await trail.state()).shippedSeq).toBe(0)
    expect(server.received()).toEqual([])
  })

  it.each([
    [
      'certificate-expired',
      async (server: Server) => void (await server.issue('log.hospital', 'server', -1)),
      {},
    ],
    ['foreign-name', async () => {}, { serverName: 'another.hospital' }],
    [
      'own-certificate-expired',
      async (server: Server) => void (await server.issue('gateway.hospital', 'gateway', -1)),
      {},
    ],
    ['certificate-files', async () => {}, { client: 'missing' }],
  ])('names what is wrong with a certificate: %s', async (code, spoil, more) => {
    const server = await createLogServer(dir, { driver: 'ossl' })
    closers.push(() => server.stop())
    await spoil(server)
    await server.start()
    const trail = await openTrail(server.shipping(more))
    closers.push(() => trail.foundation.close())
    await trail.write(1)
    const shipping = trail.ship()
    closers.push(() => shipping.stop())
    await until(async () => (await trail.state()).lastError !== null)
    expect((await trail.state()).lastError).toBe(code)
    expect(server.received()).toEqual([])
  })
})

type Server = Awaited<ReturnType<typeof createLogServer>>

describe('without a log server', () => {
  it('tells an unreachable one from one that says nothing', async () => {
    const server = await createLogServer(dir, { driver: 'gtls' })
    const trail = await openTrail(server.shipping())
    closers.push(() => trail.foundation.close())
    await trail.write(1)
    const shipping = trail.ship({ connectMs: 200 })
    closers.push(() => shipping.stop())
    await until(async () => (await trail.state()).lastError === 'unreachable')
    const deaf = createServer(() => {}).listen(server.port, '127.0.0.1')
    closers.push(async () => deaf.close())
    await until(async () => (await trail.state()).lastError === 'silent')
    expect((await trail.state()).shippedSeq).toBe(0)
  })

  it('says after a day that none is configured', async () => {
    const foundation = await openTestFoundation({}, { now: Date.now() })
    closers.push(() => foundation.close())
    await foundation.audit.record({
      action: 'gateway.started',
      outcome: 'success',
      actor: { kind: 'gateway', id: 'g' },
    })
    const shipping = createAuditShipping(foundation, {
      audit: foundation.audit,
      checkpoints: { certificatePem: '', unshipped: async () => [], shipped: async () => {} },
      staff: async () => new Map(),
      hostName: 'h',
      processId: 1,
      watchEveryMs: 20,
    })
    shipping.start()
    closers.push(() => shipping.stop())
    const standing = () => foundation.store.db.selectFrom('alarms').selectAll().execute()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await standing()).toEqual([])
    foundation.time.now += 25 * 3_600_000
    await until(async () => (await standing()).length === 1)
    expect((await standing())[0]).toMatchObject({ severity: 'warning', subject: '' })
  })
})
