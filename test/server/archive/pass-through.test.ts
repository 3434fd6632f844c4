import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Archive, archiveHandlers, createArchive } from '../../../src/server/archive/index.ts'
import { objectKeys } from './object-keys.ts'
import { silent } from './shared-files.ts'

/** Longer than what is waited for whole. */
const frame = Buffer.from(Uint8Array.from({ length: 2 << 20 }, (_, i) => (i * 31) % 251))
const boundary = 'b-1'
const head = (length: number) =>
  `--${boundary}\r\nContent-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1\r\n` +
  `Content-Length: ${length}\r\n\r\n`
const tail = `\r\n--${boundary}--\r\n`
const half = frame.length / 2

type Pacs = (answer: ServerResponse, turn: number) => Promise<void> | void
const inPieces: Pacs = async (answer) => {
  answer.write(head(frame.length))
  for (let at = 0; at < frame.length; at += 300_000) {
    answer.write(frame.subarray(at, at + 300_000))
    await delay(2)
  }
  answer.end(tail)
}
const cut: Pacs = async (answer) => {
  answer.write(head(frame.length))
  answer.write(frame.subarray(0, half))
  await delay(30)
  answer.destroy()
}
/** Everything but its last byte, and a message that ends well. */
const shorter: Pacs = (answer) => {
  answer.write(head(frame.length))
  answer.write(frame.subarray(0, -1))
  answer.end(tail)
}
const longer: Pacs = (answer) => {
  answer.write(head(frame.length))
  answer.write(frame)
  answer.end(`more${tail}`)
}
const endless: Pacs = (answer) => {
  answer.write(head(frame.length))
  answer.write(frame)
  answer.end()
}

/** One study of one series with a few instances, as QIDO-RS and metadata tell it. */
function told(path: string): object[] {
  const value = (vr: string, one: string | number) => ({ vr, Value: [one] })
  const study = { '0020000D': value('UI', '1.2'), '00201208': value('IS', 20) }
  const series = { ...study, '0020000E': value('UI', '1.2.3') }
  if (path.includes('/metadata') || path.includes('/instances')) {
    return Array.from({ length: 20 }, (_, i) => ({
      ...series,
      '00080018': value('UI', `1.2.3.${i + 1}`),
      '00083002': value('UI', '1.2.840.10008.1.2.1'),
      '00280010': value('US', 1024),
      '00280011': value('US', 1024),
    }))
  }
  return path.includes('/series') ? [series] : [study]
}

/** What came, and whether the answer was whole by its own account. */
async function got(url: string): Promise<{ bytes: Buffer; whole: boolean; length: number }> {
  const answer = await fetch(url)
  const chunks: Uint8Array[] = []
  const length = Number(answer.headers.get('content-length'))
  try {
    for await (const chunk of Readable.fromWeb(answer.body as never)) chunks.push(chunk as Uint8Array)
    return { bytes: Buffer.concat(chunks), whole: answer.ok, length }
  } catch {
    return { bytes: Buffer.concat(chunks), whole: false, length }
  }
}

describe('a frame passed through while it comes', () => {
  let behave: Pacs = inPieces
  let turns = 0
  const pacs = createServer((request, answer) => {
    if (!request.url?.includes('/frames/')) {
      const objects = told(request.url ?? '')
      answer.writeHead(200, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(objects))
      return
    }
    answer.writeHead(200, { 'content-type': `multipart/related; boundary=${boundary}` })
    turns += 1
    void behave(answer, turns)
  })
  const front = Fastify()
  let archive: Archive
  let base = ''
  let next = 0
  const place = (instance: number) => ({
    study: '1.2',
    series: '1.2.3',
    instance: `1.2.3.${instance}`,
    frame: 1,
  })

  beforeAll(async () => {
    await new Promise<void>((resolve) => pacs.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(pacs.address() as AddressInfo).port}`
    archive = await createArchive(
      { kind: 'dicomweb', url, timeoutSeconds: 5, memoryMiB: 64 },
      { dataDir: '/', protection: objectKeys, clock: Date.now, log: silent },
    )
    front.get('/:instance', async (request, reply) => {
      const { instance } = request.params as { instance: string }
      const gone = new AbortController()
      reply.raw.once('close', () => !reply.raw.writableFinished && gone.abort())
      const asked = { params: place(Number(instance)), signal: gone.signal }
      const { contentType, length, body } = await archiveHandlers(archive).frame(asked as never)
      if (length !== undefined) reply.header('content-length', length)
      return reply.header('content-type', contentType).send(body)
    })
    base = await front.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await front.close()
    await archive.close()
    pacs.closeAllConnections()
    pacs.close()
  })

  /** A frame never asked for before. */
  const asked = async (pacsBehaves: Pacs) => {
    behave = pacsBehaves
    turns = 0
    next += 1
    return { instance: next, ...(await got(`${base}/${next}`)) }
  }
  const again = async (instance: number) => {
    behave = inPieces
    turns = 0
    return { ...(await got(`${base}/${instance}`)), turns }
  }

  it('is what the PACS sent, and is kept', async () => {
    const { instance, bytes, whole, length } = await asked(inPieces)
    expect(whole && bytes.equals(frame)).toBe(true)
    expect(length).toBe(frame.length)
    const kept = await again(instance)
    expect(kept.whole && kept.bytes.equals(frame)).toBe(true)
    expect(kept.turns).toBe(0)
  })

  it('leaves before all of it has come', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    behave = async (answer) => {
      answer.write(head(frame.length))
      answer.write(frame.subarray(0, half))
      await released
      answer.write(frame.subarray(half))
      answer.end(tail)
    }
    next += 1
    const answer = await fetch(`${base}/${next}`)
    const reader = answer.body!.getReader()
    let length = 0
    while (length < half) length += (await reader.read()).value?.length ?? 0
    release()
    for (let read = await reader.read(); !read.done; read = await reader.read()) length += read.value.length
    expect(length).toBe(frame.length)
  })

  it.each([
    ['breaks off', cut],
    ['sends less than it said', shorter],
    ['sends more than it said', longer],
    ['sends all, but not the end of the message', endless],
  ])('a PACS that %s: the answer does not look complete, and nothing is kept', async (_, behaviour) => {
    const { instance, whole, bytes } = await asked(behaviour)
    expect(whole).toBe(false)
    expect(bytes.length).toBeLessThan(frame.length)
    const healed = await again(instance)
    expect(healed.turns).toBe(1)
    expect(healed.whole && healed.bytes.equals(frame)).toBe(true)
  })

  it('what a second attempt brings is not mixed into the answer to the first, but kept', async () => {
    const { instance, whole } = await asked((answer, turn) => (turn === 1 ? cut : inPieces)(answer, turn))
    expect(whole).toBe(false)
    await delay(400)
    const healed = await again(instance)
    expect(healed.whole && healed.bytes.equals(frame)).toBe(true)
  })

  it('two who ask at once share one transfer, the second from where it is', async () => {
    behave = inPieces
    turns = 0
    next += 1
    const first = got(`${base}/${next}`)
    await delay(8)
    const both = await Promise.all([first, got(`${base}/${next}`)])
    for (const { bytes, whole } of both) expect(whole && bytes.equals(frame)).toBe(true)
    expect(turns).toBe(1)
  })
})
