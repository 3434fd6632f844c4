import { describe, expect, it } from 'vitest'
import { createFrameBytes } from '../../../src/server/archive/frame-bytes.ts'
import { createFrameCache } from '../../../src/server/archive/frame-cache.ts'
import type { Archive, Frame } from '../../../src/server/archive/index.ts'
import { createOpenStudies } from '../../../src/server/archive/open-studies.ts'
import { createPrefetch } from '../../../src/server/archive/prefetch.ts'
import { framesAhead } from '../../../src/server/archive/prefetch-plan.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { Study } from '../../../src/shared/study/index.ts'

/** A study whose series have so many images each, of one frame. */
const studyWith = (counts: number[], study = '1') =>
  ({
    studyInstanceUid: study,
    series: counts.map((count, s) => ({
      seriesInstanceUid: `${study}.${s}`,
      instances: Array.from({ length: count }, (_, i) => ({
        sopInstanceUid: `${study}.${s}.${i}`,
        frames: 1,
      })),
    })),
  }) as unknown as Study

const frameBytes = 100_000

/** A PACS whose frames the test gives by hand. */
function pacsWith(studies: Study[], given: Partial<Archive> = {}) {
  const metadata: string[] = []
  const asked: { key: string; give(): void; fail(error: Error): void }[] = []
  const archive = {
    studies: async () => [],
    study: async (uid: string) => {
      const study = studies.find(({ studyInstanceUid }) => studyInstanceUid === uid)
      if (!study) throw new VigilError('study-not-found')
      return study
    },
    metadata: async (_: string, series: string) => {
      metadata.push(series)
      return []
    },
    frame: ({ instance }: { instance: string }) =>
      new Promise<Frame>((resolve, reject) => {
        const bytes = Buffer.alloc(frameBytes)
        asked.push({
          key: instance,
          give: () => resolve({ transferSyntaxUid: '1.2.840.10008.1.2.1', bytes }),
          fail: reject,
        })
      }),
    onChange: () => {},
    broken: () => [],
    close: async () => {},
    ...given,
  } as unknown as Archive
  return { archive, asked, metadata }
}

function opened(
  studies: Study[],
  options: {
    maxBytes?: number
    priorsOf?: (study: string) => Promise<string[]>
    given?: Partial<Archive>
  } = {},
) {
  let now = 0
  const pacs = pacsWith(studies, options.given)
  const open = createOpenStudies(() => now)
  const cache = createFrameCache(pacs.archive, {
    maxBytes: options.maxBytes ?? 1 << 30,
    memory: createFrameBytes(),
    isOpen: open.isOpen,
  })
  const archive = createPrefetch(cache, { open, clock: () => now, priorsOf: options.priorsOf })
  const pass = (ms: number) => {
    now += ms
  }
  /** Gives everything that is asked, as it is asked, until nothing is. The order that it was asked in. */
  const giveAll = async () => {
    let given = 0
    for (await settled(); given < pacs.asked.length; await settled()) pacs.asked[given++]!.give()
    return pacs.asked.map(({ key }) => key)
  }
  return { ...pacs, archive, cache, open, giveAll, pass }
}
const settled = async () => {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
const place = (instance: string) => ({
  study: instance.split('.')[0]!,
  series: instance.split('.').slice(0, 2).join('.'),
  instance,
  frame: 1,
})

describe('plan of the frames ahead', () => {
  const order = (counts: number[]) => framesAhead(studyWith(counts)).map(({ instance }) => instance)

  it('first and middle image of each series, then each from its beginning, taking turns', () => {
    expect(order([4, 2])).toEqual(['1.0.0', '1.1.0', '1.0.2', '1.1.1', '1.0.1', '1.0.3'])
  })

  it('four series take turns, the others follow whole; objects without pixels are none', () => {
    const plan = order([3, 3, 3, 3, 3, 0])
    expect(plan).toHaveLength(15)
    expect(new Set(plan).size).toBe(15)
    expect(plan.slice(0, 10).every((uid) => /\.[01]$/.test(uid))).toBe(true)
    expect(plan.at(-1)).toBe('1.4.2')
  })

  it('every frame of a multi-frame object', () => {
    const study = studyWith([1])
    study.series[0]!.instances[0]!.frames = 5
    expect(framesAhead(study).map(({ frame }) => frame)).toEqual([1, 3, 2, 4, 5])
  })
})

describe('prefetch', () => {
  it('nothing moves for a study that no session opens', async () => {
    const { archive, asked, metadata } = opened([studyWith([5])])
    await archive.study('1')
    await settled()
    expect(asked).toHaveLength(0)
    expect(metadata).toEqual([])
  })

  it('metadata of the first four series and all frames of what a session opens, four at a time', async () => {
    const { archive, asked, metadata, giveAll } = opened([studyWith([2, 2, 2, 2, 2])])
    await archive.study('1', 'session')
    await settled()
    expect(metadata).toEqual(['1.0', '1.1', '1.2', '1.3'])
    expect(asked).toHaveLength(4)
    expect(await giveAll()).toHaveLength(10)
  })

  it('who asks for a frame that is on its way waits for the same request', async () => {
    const { archive, asked } = opened([studyWith([2])])
    await archive.study('1', 'session')
    const frame = archive.frame(place('1.0.0'))
    expect(asked.filter(({ key }) => key === '1.0.0')).toHaveLength(1)
    asked[0]!.give()
    expect((await frame).bytes).toHaveLength(frameBytes)
  })

  it('gives way to what is asked for, down to one at a time', async () => {
    const { archive, asked } = opened([studyWith([20]), studyWith([20], '2')])
    const wanted = Array.from({ length: 6 }, (_, i) => archive.frame(place(`2.0.${i}`)))
    await archive.study('1', 'session')
    await settled()
    expect(asked.filter(({ key }) => key.startsWith('1.'))).toHaveLength(1)
    for (const one of asked.filter(({ key }) => key.startsWith('2.'))) one.give()
    await Promise.all(wanted)
    await settled()
    expect(asked.filter(({ key }) => key.startsWith('1.'))).toHaveLength(4)
  })

  it('ends for a study that its session left for four others, and goes on where it is opened again', async () => {
    const studies = ['1', '2', '3', '4', '5'].map((uid) => studyWith([9], uid))
    const { archive, asked, giveAll } = opened(studies)
    await archive.study('1', 'session')
    for (const uid of ['2', '3', '4', '5']) await archive.study(uid, 'session')
    const order = await giveAll()
    // What was under way when it was left came to its end.
    expect(order.filter((uid) => uid.startsWith('1.'))).toHaveLength(4)
    // What was opened last goes before the others.
    expect(order.slice(4, 13).every((uid) => uid.startsWith('5.'))).toBe(true)
    await archive.study('1', 'session')
    await giveAll()
    expect(new Set(asked.map(({ key }) => key)).size).toBe(45)
    expect(asked).toHaveLength(45)
  })

  it('ends for a study of which nothing was asked for a quarter of an hour', async () => {
    const { archive, pass, asked, giveAll } = opened([studyWith([9])])
    await archive.study('1', 'session')
    pass(15 * 60_000)
    await giveAll()
    expect(asked).toHaveLength(4)
  })

  it('the likeliest two priors come behind the study, and only while it is open', async () => {
    const studies = ['1', '2', '3', '4'].map((uid) => studyWith([3], uid))
    const priorsOf = async () => ['3', '2', '4']
    const { archive, giveAll } = opened(studies, { priorsOf })
    await archive.study('1', 'session')
    const order = await giveAll()
    expect(order.slice(0, 3).every((uid) => uid.startsWith('1.'))).toBe(true)
    expect(order.filter((uid) => uid.startsWith('4.'))).toEqual([])
    expect(order).toHaveLength(9)
  })

  it('a frame that is broken is passed over, a PACS that does not answer is left alone', async () => {
    const { archive, asked, giveAll } = opened([studyWith([9]), studyWith([9], '2')])
    await archive.study('1', 'session')
    asked[0]!.fail(new VigilError('instance-broken'))
    expect(await giveAll()).toHaveLength(9)
    await archive.study('2', 'session')
    for (const one of asked.slice(9)) one.fail(new VigilError('archive-unavailable'))
    await giveAll()
    expect(asked).toHaveLength(9 + 4)
  })

  it('failing metadata or priors end quietly', async () => {
    const given = { metadata: () => Promise.reject(new VigilError('archive-unavailable')) }
    const priorsOf = () => Promise.reject(new Error('none'))
    const { archive, giveAll } = opened([studyWith([2])], { given, priorsOf })
    await expect(archive.study('1', 'session')).resolves.toBeDefined()
    expect(await giveAll()).toHaveLength(2)
  })

  it('memory full of what is open: prefetch stops, what is asked for comes all the same, nothing open is lost', async () => {
    const room = 5 * (frameBytes + 600)
    const { archive, asked, giveAll, cache } = opened([studyWith([20]), studyWith([2], '2')], {
      maxBytes: room,
    })
    await archive.study('1', 'session')
    const order = await giveAll()
    expect(order.length).toBeLessThan(20)
    const held = order.filter((uid) => cache.holds(place(uid)))
    expect(held).toHaveLength(5)
    const before = asked.length
    const late = archive.frame(place('2.0.0'))
    await settled()
    asked[before]!.give()
    expect((await late).bytes).toHaveLength(frameBytes)
    expect(order.filter((uid) => cache.holds(place(uid)))).toEqual(held)
  })

  it('a study that is no longer open gives way to the one that is', async () => {
    const room = 5 * (frameBytes + 600)
    const { archive, giveAll, cache, pass } = opened([studyWith([5]), studyWith([5], '2')], {
      maxBytes: room,
    })
    await archive.study('1', 'session')
    await giveAll()
    expect(cache.holds(place('1.0.4'))).toBe(true)
    pass(15 * 60_000)
    await archive.study('2', 'session')
    await giveAll()
    for (let i = 0; i < 5; i += 1) expect(cache.holds(place(`2.0.${i}`))).toBe(true)
    expect(cache.holds(place('1.0.0'))).toBe(false)
  })
})

describe('exams that may be opened next', () => {
  const likely = (...studies: string[]) => studies.map((study) => ({ study, instances: 20 }))

  it('attributes and first frames, one exam after another in the order of the list; nothing is open by it', async () => {
    const { archive, metadata, giveAll, open } = opened([studyWith([20, 2]), studyWith([3], '2')])
    archive.likelyNext?.(likely('2', '1'))
    const order = await giveAll()
    expect(order.slice(0, 3).every((uid) => uid.startsWith('2.'))).toBe(true)
    expect(order.slice(3)).toHaveLength(12)
    expect(order.slice(3, 5)).toEqual(['1.0.0', '1.1.0'])
    expect(metadata).toEqual(['2.0', '1.0', '1.1'])
    expect(open.isOpen('1')).toBe(false)
  })

  it('waits until nothing is to be done for what is open', async () => {
    const { archive, giveAll } = opened([studyWith([20]), studyWith([3], '2')])
    await archive.study('1', 'session')
    archive.likelyNext?.(likely('2'))
    const order = await giveAll()
    expect(order.slice(0, 20).every((uid) => uid.startsWith('1.'))).toBe(true)
    expect(order.slice(20)).toHaveLength(3)
  })

  it('one that is opened gets all of its frames, each once', async () => {
    const { archive, asked, giveAll } = opened([studyWith([20])])
    archive.likelyNext?.(likely('1'))
    await settled()
    expect(asked).toHaveLength(4)
    await archive.study('1', 'session')
    expect(new Set(await giveAll()).size).toBe(20)
    expect(asked).toHaveLength(20)
  })

  it('is not read again with each look at the list, but after four minutes, and when images came', async () => {
    let reads = 0
    const study = async () => {
      reads += 1
      return studyWith([2])
    }
    const { archive, giveAll, pass } = opened([], { given: { study } })
    for (const _ of [1, 2, 3]) {
      archive.likelyNext?.(likely('1'))
      await giveAll()
    }
    expect(reads).toBe(1)
    archive.likelyNext?.([{ study: '1', instances: 21 }])
    await giveAll()
    expect(reads).toBe(2)
    pass(4 * 60_000)
    archive.likelyNext?.([{ study: '1', instances: 21 }])
    await giveAll()
    expect(reads).toBe(3)
  })

  it('the upper end of a list only, and no more after the PACS did not answer', async () => {
    const reads: string[] = []
    let up = true
    const study = async (uid: string) => {
      reads.push(uid)
      if (!up) throw new VigilError('archive-unavailable')
      return studyWith([1], uid)
    }
    const { archive, giveAll } = opened([], { given: { study } })
    archive.likelyNext?.(likely(...Array.from({ length: 30 }, (_, i) => `${i + 1}`)))
    await giveAll()
    expect(reads).toHaveLength(12)
    archive.likelyNext?.([
      { study: '50', instances: 2900 },
      { study: '51', instances: 200 },
    ])
    await giveAll()
    expect(reads).toHaveLength(13)
    up = false
    archive.likelyNext?.(likely('60', '61', '62'))
    await giveAll()
    expect(reads).toHaveLength(14)
  })

  it('one that is gone does not stop the next', async () => {
    const { archive, giveAll } = opened([studyWith([2], '2')])
    archive.likelyNext?.(likely('1', '2'))
    expect(await giveAll()).toHaveLength(2)
  })
})
