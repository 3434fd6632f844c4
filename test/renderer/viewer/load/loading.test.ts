import { describe, expect, it } from 'vitest'
import { createImageStore } from '../../../../src/renderer/viewer/load/image-store.ts'
import { createLoadQueue } from '../../../../src/renderer/viewer/load/load-queue.ts'
import { outward, prefetchPlan } from '../../../../src/renderer/viewer/load/prefetch-plan.ts'
import { ImageProblem } from '../../../../src/renderer/viewer/problem.ts'

/** Loads that end when the test says. */
function controlled() {
  const started: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  const aborted: string[] = []
  const run = (key: string) => (signal: AbortSignal) => {
    started.push(key)
    signal.addEventListener('abort', () => aborted.push(key))
    const end = Promise.withResolvers<string>()
    ends.set(key, end)
    return end.promise
  }
  const settle = () => new Promise<void>((done) => setTimeout(done))
  return { started, aborted, ends, run, settle }
}

describe('load queue', () => {
  it('runs by priority, urgent loads beyond the limit of prefetching', async () => {
    const { started, ends, run, settle } = controlled()
    const queue = createLoadQueue<string>({ prefetch: 1, total: 2 })
    for (const [key, priority] of [
      ['a', 5],
      ['b', 9],
      ['c', 3],
    ] as const)
      void queue.load(key, priority, run(key))
    expect(started).toEqual(['a'])
    void queue.load('d', 0, run('d'))
    expect(started).toEqual(['a', 'd'])
    ends.get('a')!.resolve('')
    ends.get('d')!.resolve('')
    await settle()
    expect(started).toEqual(['a', 'd', 'c'])
  })

  it('joins loads of one key and raises their priority', async () => {
    const { started, ends, run, settle } = controlled()
    const queue = createLoadQueue<string>({ prefetch: 1, total: 1 })
    void queue.load('a', 1, run('a'))
    void queue.load('b', 2, run('b'))
    const first = queue.load('c', 3, run('c'))
    expect(queue.load('c', 0, run('c'))).toBe(first)
    ends.get('a')!.resolve('')
    await settle()
    expect(started).toEqual(['a', 'c'])
    ends.get('c')!.resolve('image')
    expect(await first).toBe('image')
  })

  it('drops what is no longer wanted, and cancels everything', async () => {
    const { started, aborted, run, settle } = controlled()
    const queue = createLoadQueue<string>({ prefetch: 1, total: 1 })
    const all = ['a', 'b', 'c'].map((key, i) => queue.load(key, i + 1, run(key)))
    const outcome = Promise.allSettled(all)
    queue.prioritise((key) => (key === 'b' ? null : 1))
    queue.cancel()
    await settle()
    expect((await outcome).map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ])
    expect(started).toEqual(['a'])
    expect(aborted).toEqual(['a'])
    void queue.load('d', 1, run('d'))
    expect(started).toEqual(['a', 'd'])
  })
})

describe('prefetch plan', () => {
  it('goes outward, first where the user scrolls to', () => {
    expect(outward(6, 2, 1)).toEqual([2, 3, 1, 4, 0, 5])
    expect(outward(4, 3, -1)).toEqual([3, 2, 1, 0])
    expect(outward(1, 0, 1)).toEqual([0])
  })

  it('takes visible images, neighbours, middles, then the rest, and no more than fit', () => {
    const ids = (name: string) => Array.from({ length: 30 }, (_, i) => `${name}${i}`)
    const stacks = [
      { imageIds: ids('a'), index: 0, direction: 1 as const },
      { imageIds: ids('b'), index: 10, direction: 1 as const },
    ]
    const plan = prefetchPlan(stacks, ['m', 'a0'], 1000)
    expect(plan.slice(0, 4)).toEqual(['a0', 'b10', 'a1', 'b11'])
    expect(plan).toHaveLength(61)
    expect(plan.indexOf('m')).toBe(34)
    expect(prefetchPlan(stacks, ['m'], 3)).toEqual(['a0', 'b10', 'a1'])
  })
})

describe('image store', () => {
  const store = (load: (imageId: string) => Promise<string>) => {
    const kept = new Map<string, string>()
    const cache = {
      get: (id: string) => kept.get(id),
      has: (id: string) => kept.has(id),
      put: (id: string, image: string) => void kept.set(id, image),
    }
    return { kept, images: createImageStore({ cache, load, concurrency: { prefetch: 2, total: 2 } }) }
  }

  it('loads an image once and keeps it', async () => {
    let loads = 0
    const { images } = store(async (id) => `${id}${++loads}`)
    expect(await Promise.all([images.show('a'), images.show('a')])).toEqual(['a1', 'a1'])
    expect(await images.show('a')).toBe('a1')
  })

  it('remembers a failure until it is forgotten', async () => {
    let broken = true
    const { images } = store(async (id) => {
      if (broken) throw new ImageProblem('instance-broken')
      return id
    })
    await expect(images.show('a')).rejects.toMatchObject({ code: 'instance-broken' })
    broken = false
    await expect(images.show('a')).rejects.toMatchObject({ code: 'instance-broken' })
    images.forget('a')
    expect(await images.show('a')).toBe('a')
  })

  it('puts nothing into the cache once closed', async () => {
    const end = Promise.withResolvers<string>()
    const { images, kept } = store(() => end.promise)
    const shown = images.show('a')
    images.close()
    end.resolve('pixels')
    await expect(shown).rejects.toMatchObject({ code: 'cancelled' })
    await new Promise((done) => setTimeout(done))
    expect(kept.size).toBe(0)
    await expect(images.show('b')).rejects.toMatchObject({ code: 'cancelled' })
  })
})
