import { describe, expect, it } from 'vitest'
import { createFrameBytes } from '../../../src/server/archive/frame-bytes.ts'
import { createFrameCache } from '../../../src/server/archive/frame-cache.ts'
import type { Archive, Frame } from '../../../src/server/archive/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { StudySummary } from '../../../src/shared/study/index.ts'

/** An archive whose every answer the test gives by hand: what is asked of the PACS is the subject here. */
function handedArchive() {
  const asked: { key: string; signal: AbortSignal; answer(bytes: Buffer): void; fail(error: Error): void }[] =
    []
  const listeners: (() => unknown)[] = []
  let summaries: StudySummary[] | null = []
  const archive: Archive = {
    studies: async () => {
      if (!summaries) throw new VigilError('archive-unavailable')
      return summaries
    },
    study: () => Promise.reject(new VigilError('study-not-found')),
    metadata: () => Promise.reject(new VigilError('study-not-found')),
    frame: ({ study, frame }, signal) =>
      new Promise<Frame>((resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason))
        asked.push({
          key: `${study}/${frame}`,
          signal: signal!,
          answer: (bytes) => resolve({ transferSyntaxUid: '1.2.840.10008.1.2.1', bytes }),
          fail: reject,
        })
      }),
    store: async () => {},
    broken: () => [],
    onChange: (listener) => void listeners.push(listener),
    close: async () => {},
  }
  return {
    archive,
    asked,
    async change(now: StudySummary[] | null) {
      summaries = now
      for (const listener of listeners) await listener()
    },
  }
}

const place = (frame: number, study = '1') => ({ study, series: '2', instance: '3', frame })
const summary = (studyInstanceUid: string, instanceCount: number) =>
  ({ studyInstanceUid, instanceCount }) as StudySummary

function opened(maxBytes = 1 << 20) {
  const pacs = handedArchive()
  const cache = createFrameCache(pacs.archive, { maxBytes, memory: createFrameBytes() })
  /** Asks, and has the PACS answer where it is asked. Tells whether it was. */
  const get = async (frame: number, bytes: Buffer, study = '1') => {
    const before = pacs.asked.length
    const waiting = cache.frame(place(frame, study))
    const reachedPacs = pacs.asked.length > before
    if (reachedPacs) pacs.asked.at(-1)!.answer(bytes)
    return { bytes: (await waiting).bytes, reachedPacs }
  }
  return { ...pacs, cache, get }
}

describe('frame cache', () => {
  it('asks the PACS once for a frame, and gives the same bytes after', async () => {
    const { get } = opened()
    const bytes = Buffer.from('pixels')
    expect(await get(1, bytes)).toEqual({ bytes, reachedPacs: true })
    expect(await get(1, Buffer.from('other'))).toEqual({ bytes, reachedPacs: false })
    expect(await get(2, bytes)).toMatchObject({ reachedPacs: true })
    expect(await get(1, bytes, '1.5')).toMatchObject({ reachedPacs: true })
  })

  it('holds no more bytes than it may, and forgets the least recently used first', async () => {
    // Room for two frames of 10,000 bytes.
    const { get } = opened(25_000)
    const bytes = Buffer.alloc(10_000)
    await get(1, bytes)
    await get(2, bytes)
    await get(1, bytes)
    await get(3, bytes)
    expect((await get(1, bytes)).reachedPacs).toBe(false)
    expect((await get(3, bytes)).reachedPacs).toBe(false)
    expect((await get(2, bytes)).reachedPacs).toBe(true)
  })

  it('does not keep a frame larger than all it may hold, and forgets nothing for it', async () => {
    const { get } = opened(25_000)
    await get(1, Buffer.alloc(10_000))
    expect((await get(2, Buffer.alloc(30_000))).bytes.length).toBe(30_000)
    expect((await get(2, Buffer.alloc(30_000))).reachedPacs).toBe(true)
    expect((await get(1, Buffer.alloc(0))).reachedPacs).toBe(false)
  })

  it('does not keep alive the object that a frame was cut out of', async () => {
    const { get, cache } = opened()
    const object = Buffer.alloc(1 << 19, 7)
    await get(1, object.subarray(1000, 2000))
    const { bytes } = await cache.frame(place(1))
    expect(bytes).toEqual(object.subarray(1000, 2000))
    expect(bytes.buffer).not.toBe(object.buffer)
  })

  it('shares one request between all who wait for the same frame', async () => {
    const { cache, asked } = opened()
    const waiting = [cache.frame(place(1)), cache.frame(place(1)), cache.frame(place(1))]
    expect(asked).toHaveLength(1)
    asked[0]!.answer(Buffer.from('one'))
    for (const { bytes } of await Promise.all(waiting)) expect(bytes.toString()).toBe('one')
  })

  it('one who gives up does not take the frame from the others', async () => {
    const { cache, asked } = opened()
    const impatient = new AbortController()
    const first = cache.frame(place(1), impatient.signal)
    const second = cache.frame(place(1), new AbortController().signal)
    impatient.abort()
    await expect(first).rejects.toThrow(/abort/i)
    expect(asked[0]!.signal.aborted).toBe(false)
    asked[0]!.answer(Buffer.from('kept'))
    expect((await second).bytes.toString()).toBe('kept')
    expect(asked).toHaveLength(1)
  })

  it('calls the request off when all have given up, and begins anew for the next', async () => {
    const { cache, asked } = opened()
    const gone = [new AbortController(), new AbortController()]
    const waiting = gone.map(({ signal }) => cache.frame(place(1), signal))
    for (const one of gone) one.abort()
    for (const one of waiting) await expect(one).rejects.toThrow(/abort/i)
    expect(asked[0]!.signal.aborted).toBe(true)
    const again = cache.frame(place(1))
    expect(asked).toHaveLength(2)
    asked[1]!.answer(Buffer.from('new'))
    expect((await again).bytes.toString()).toBe('new')
  })

  it('does not abort a request that has been answered', async () => {
    const { cache, asked, get } = opened()
    await get(1, Buffer.from('x'))
    expect(asked[0]!.signal.aborted).toBe(false)
    await cache.close()
  })

  it('one already called off is not asked for', async () => {
    const { cache, asked } = opened()
    await expect(cache.frame(place(1), AbortSignal.abort())).rejects.toThrow(/abort/i)
    expect(asked).toHaveLength(0)
  })

  it('a failure reaches all who wait and is not kept', async () => {
    const { cache, asked, get } = opened()
    const waiting = [cache.frame(place(1)), cache.frame(place(1))]
    asked[0]!.fail(new VigilError('archive-unavailable'))
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'archive-unavailable' })
    expect((await get(1, Buffer.from('x'))).reachedPacs).toBe(true)
  })

  it('forgets the frames of studies that changed or went, and keeps the others', async () => {
    const { get, change } = opened()
    const bytes = Buffer.from('x')
    await change([summary('1', 10), summary('4', 10), summary('5', 10)])
    for (const study of ['1', '4', '5']) await get(1, bytes, study)
    await change([summary('1', 10), summary('4', 11), summary('6', 1)])
    expect((await get(1, bytes, '1')).reachedPacs).toBe(false)
    expect((await get(1, bytes, '4')).reachedPacs).toBe(true)
    expect((await get(1, bytes, '5')).reachedPacs).toBe(true)
  })

  it('forgets everything where it cannot learn what changed', async () => {
    const { get, change } = opened()
    await change([summary('1', 10)])
    await get(1, Buffer.from('x'))
    await change(null)
    expect((await get(1, Buffer.from('y'))).bytes.toString()).toBe('y')
  })

  it('a request begun before the change gives its frame to who waits, and is not kept', async () => {
    const { cache, asked, change, get } = opened()
    const before = cache.frame(place(1))
    await change([summary('1', 10)])
    asked[0]!.answer(Buffer.from('old'))
    expect((await before).bytes.toString()).toBe('old')
    expect((await get(1, Buffer.from('new'))).bytes.toString()).toBe('new')
  })
})
