import { describe, expect, it } from 'vitest'
import { createImageMemory } from '../../../../src/renderer/viewer/load/image-memory.ts'

/** A memory of `limit` bytes that takes images as the engine does. */
function engineOf(limit: number, shown: Set<string>) {
  const memory = createImageMemory(limit)
  const kept = new Set<string>()
  return {
    memory,
    kept,
    keep(imageId: string, bytes: number) {
      for (const gone of memory.toMakeRoom(bytes, (one) => shown.has(one))) {
        memory.remove(gone)
        kept.delete(gone)
      }
      memory.add(imageId, bytes)
      kept.add(imageId)
    },
  }
}

describe('memory of images', () => {
  it('holds no more than its bound, and forgets what was used longest ago', () => {
    const { memory, kept, keep } = engineOf(30, new Set())
    for (const one of ['a', 'b', 'c']) keep(one, 10)
    memory.use('a')
    keep('d', 10)
    expect([...kept].sort()).toEqual(['a', 'c', 'd'])
    keep('e', 25)
    expect([...kept]).toEqual(['e'])
    expect(memory.bytes).toBe(25)
  })

  it('never drops what is on screen, however much is loaded ahead', () => {
    const shown = new Set(['a', 'b'])
    const { kept, memory, keep } = engineOf(30, shown)
    keep('a', 10)
    keep('b', 10)
    for (let i = 0; i < 100; i += 1) keep(`x${i}`, 10)
    expect(kept.has('a') && kept.has('b')).toBe(true)
    expect(memory.bytes).toBe(30)
    shown.delete('a')
    keep('y', 10)
    expect(kept.has('a')).toBe(false)
  })

  it('what is shown beyond the bound is kept all the same, and makes room as soon as it is not', () => {
    const shown = new Set(['a', 'b'])
    const { kept, memory, keep } = engineOf(15, shown)
    keep('a', 10)
    keep('b', 10)
    expect(memory.bytes).toBe(20)
    shown.clear()
    keep('c', 10)
    expect([...kept]).toEqual(['c'])
  })

  it('the same image twice weighs once', () => {
    const { memory, keep } = engineOf(30, new Set())
    keep('a', 10)
    keep('a', 12)
    expect(memory.bytes).toBe(12)
    memory.remove('a')
    memory.remove('a')
    expect(memory.bytes).toBe(0)
  })
})
