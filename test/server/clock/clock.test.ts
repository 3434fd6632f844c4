import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createClockWatch } from '../../../src/server/clock/index.ts'
import { medianOf, stepBetween } from '../../../src/server/clock/judge.ts'
import { askTime, question, readAnswer } from '../../../src/server/clock/sntp.ts'
import { openTestFoundation } from '../foundation.ts'

const chronyd = '/usr/sbin/chronyd'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Debian's chrony, serving this machine's own time on a loopback port, and setting nothing. */
async function startChrony(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-chrony-'))
  const port = await freeUdpPort()
  await writeFile(
    join(dir, 'chrony.conf'),
    `port ${port}\nbindaddress 127.0.0.1\nallow 127.0.0.1\ncmdport 0\nlocal stratum 8\npidfile ${dir}/pid\ndriftfile ${dir}/drift\n`,
  )
  const child: ChildProcess = spawn(chronyd, ['-d', '-x', '-U', '-f', join(dir, 'chrony.conf')], {
    stdio: 'ignore',
  })
  closers.push(async () => {
    const over = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await over
    await rm(dir, { recursive: true, force: true })
  })
  const server = `127.0.0.1:${port}`
  const real = { clock: Date.now, random: randomBytes, timeoutMs: 300 }
  for (let tries = 0; tries < 20; tries += 1) {
    if (await askTime(server, real).catch(() => null)) return server
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('chronyd does not answer')
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

describe.skipIf(!existsSync(chronyd))('against chrony', () => {
  it('measures the offset, raises the alarm beyond the limit, and clears it', async () => {
    const server = await startChrony()
    const foundation = await openTestFoundation(
      { clock: { servers: [server], mostOffsetMs: 500 } },
      { now: 0 },
    )
    closers.push(() => foundation.close())
    let wrongBy = 0
    const watch = createClockWatch({ ...foundation, clock: () => Date.now() + wrongBy })
    const drift = () =>
      foundation.store.db.selectFrom('alarms').selectAll().where('subject', '=', '').execute()
    await watch.measure()
    expect(Math.abs(watch.status()?.offsetMs ?? 9999)).toBeLessThan(200)
    expect(watch.status()?.source).toBe(server)
    expect(await drift()).toEqual([])
    wrongBy = 90_000
    await watch.measure()
    const [raised] = await drift()
    expect(raised).toMatchObject({ kind: 'clock-drift', severity: 'serious', cleared_at: null })
    expect(JSON.parse(raised?.facts ?? '{}').offsetMs).toBeGreaterThan(-90_200)
    expect(JSON.parse(raised?.facts ?? '{}').offsetMs).toBeLessThan(-89_800)
    wrongBy = 0
    await watch.measure()
    expect((await drift())[0]?.cleared_at).not.toBeNull()
    const actions = (await foundation.audit.tail()).map(({ action }) => action)
    expect(actions.slice(0, 2)).toEqual(['alarm.cleared', 'alarm.raised'])
  })
})

describe('the clock watch', () => {
  it('notices that the clock was set, without any server', async () => {
    const foundation = await openTestFoundation({})
    closers.push(() => foundation.close())
    let elapsed = 0
    const watch = createClockWatch(foundation, { elapsed: () => elapsed, lookEveryMs: 10 })
    watch.start()
    closers.push(() => watch.stop())
    const set = () =>
      foundation.store.db.selectFrom('alarms').selectAll().where('subject', '=', 'set').execute()
    foundation.time.now += 60_000
    elapsed += 60_000
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await set()).toEqual([])
    foundation.time.now -= 3_600_000
    await expect.poll(set, { timeout: 2000 }).toHaveLength(1)
    expect(JSON.parse((await set())[0]?.facts ?? '{}')).toMatchObject({
      offsetMs: -3_600_000,
      source: 'monotonic',
    })
  })

  it('says when nobody vouches for the clock any more', async () => {
    const deaf = `127.0.0.1:${await freeUdpPort()}`
    const foundation = await openTestFoundation({ clock: { servers: [deaf] } })
    closers.push(() => foundation.close())
    const watch = createClockWatch(foundation, { timeoutMs: 20 })
    const standing = () => foundation.store.db.selectFrom('alarms').selectAll().execute()
    for (let round = 0; round < 2; round += 1) await watch.measure()
    expect(await standing()).toEqual([])
    await watch.measure()
    expect(await standing()).toMatchObject([{ subject: 'servers', severity: 'warning' }])
    expect(watch.status()).toBeNull()
  })
})

describe('an SNTP answer', () => {
  const cookie = Buffer.from('12345678')
  const times = { sentAt: Date.UTC(2040, 0, 1), gotAt: Date.UTC(2040, 0, 1) + 100 }
  /** Seconds since 1900 of the era after 2036. */
  const answer = (change: (packet: Buffer) => void = () => {}) => {
    const packet = Buffer.alloc(48)
    packet[0] = (4 << 3) | 4
    packet[1] = 2
    packet.set(cookie, 24)
    const seconds = (times.sentAt / 1000 + 2_208_988_800 + 5) % 2 ** 32
    for (const at of [32, 40]) packet.writeUInt32BE(seconds, at)
    change(packet)
    return packet
  }

  it('gives the offset, past the turn of the era in 2036 too', () => {
    expect(readAnswer(answer(), cookie, times)).toEqual({ offsetMs: 4950, delayMs: 100 })
    expect(question(cookie)).toHaveLength(48)
  })

  it.each([
    ['of another question', (packet: Buffer) => void packet.set(Buffer.from('87654321'), 24)],
    ['of a server without time', (packet: Buffer) => void packet.writeUInt8(0xe4, 0)],
    ['that sends us away', (packet: Buffer) => void packet.writeUInt8(0, 1)],
    ['that is a question itself', (packet: Buffer) => void packet.writeUInt8((4 << 3) | 3, 0)],
  ])('%s does not count', (_, change) => {
    expect(() => readAnswer(answer(change), cookie, times)).toThrow('unusable')
  })

  it('of too few bytes does not count', () => {
    expect(() => readAnswer(answer().subarray(0, 40), cookie, times)).toThrow('unusable')
  })

  it('one liar among three does not move the median', () => {
    const of = (server: string, offsetMs: number) => ({ server, offsetMs, delayMs: 1 })
    expect(medianOf([of('a', 3), of('liar', 9e9), of('c', -2)])).toEqual({ source: 'a +2', offsetMs: 3 })
    expect(medianOf([])).toBeNull()
    expect(stepBetween({ wall: 0, elapsed: 10 }, { wall: 500, elapsed: 110 })).toBe(400)
  })
})
