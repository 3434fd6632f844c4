import { Readable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { Handlers } from '../../../src/server/http/index.ts'
import type { Api } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { startGateway, type TestGateway } from '../gateway-harness.ts'

/** Stands for a patient's name: it must come out nowhere. */
const canary = '张三丰-CANARY'
let gateway: TestGateway
let lines: string[] = []
afterEach(() => gateway.close())

async function reader(handlers: Partial<Handlers<keyof Api>>) {
  lines = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  gateway = await startGateway({ tuning: { handlers }, log })
  const workstation = await gateway.workstation('one')
  const session = await gateway.session(workstation, await gateway.person('reader'))
  return session.channel
}

const logged = () => lines.join('')

describe('a handler', () => {
  it('that throws something unexpected is answered as internal; neither answer nor log quotes it', async () => {
    const channel = await reader({
      dictionary: async () => {
        throw new TypeError(`cannot read ${canary}`)
      },
    })
    const answer = await channel.call('dictionary')
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(Object.keys(answer.body)).toEqual(['code'])
    expect(logged()).toContain('TypeError')
    expect(logged()).not.toContain(canary)
  })

  it('that throws what is no Error, or refuses, is answered by its code', async () => {
    const channel = await reader({
      dictionary: () => Promise.reject(canary),
      alerts: () => Promise.reject(new VigilError('archive-unavailable', { since: 7 })),
    })
    expect(await channel.call('dictionary')).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(await channel.call('alerts')).toMatchObject({
      status: 503,
      body: { code: 'archive-unavailable', facts: { since: 7 } },
    })
    expect(logged()).not.toContain(canary)
  })

  it('whose answer is not what its route declares gives nothing away', async () => {
    const channel = await reader({ dictionary: async () => ({ version: 1, entries: canary }) as never })
    const answer = await channel.call('dictionary')
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(logged()).not.toContain(canary)
  })

  it('is told when the other side has gone', async () => {
    let gone = false
    let started: () => void = () => {}
    const running = new Promise<void>((resolve) => {
      started = resolve
    })
    const channel = await reader({
      dictionary: ({ signal }) =>
        new Promise((_, reject) => {
          started()
          signal.addEventListener('abort', () => {
            gone = true
            reject(new VigilError('archive-unavailable'))
          })
        }),
    })
    const pending = channel.call('dictionary').catch(() => null)
    await running
    channel.close()
    await pending
    const deadline = Date.now() + 2000
    while (!gone && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(gone).toBe(true)
  })

  it('answers a stream as it is, and one that breaks off breaks the connection', async () => {
    const uid = '1.2.3'
    const params = { study: uid, series: uid, instance: uid, frame: 1 }
    const bytes = Buffer.from([0, 1, 2, 255])
    let broken = false
    const channel = await reader({
      frame: async () => ({
        contentType: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
        body: broken
          ? Readable.from(
              (async function* () {
                yield bytes
                throw new Error(canary)
              })(),
            )
          : bytes,
      }),
    })
    const answer = await channel.call('frame', { params })
    expect(answer.bytes).toEqual(bytes)
    expect(answer.headers['content-type']).toContain('transfer-syntax=1.2.840.10008.1.2.1')
    broken = true
    await expect(channel.call('frame', { params })).rejects.toThrow()
    expect(logged()).not.toContain(canary)
  })
})
