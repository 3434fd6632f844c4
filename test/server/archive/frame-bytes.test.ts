import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createFrameBytes } from '../../../src/server/archive/frame-bytes.ts'

const source = new URL('../../../src/server/archive/frame-bytes.ts', import.meta.url).href
const mib = 1 << 20

describe('memory of frames', () => {
  it('tells the collector of what is not kept any more, in portions, and of nothing twice', () => {
    const told: number[] = []
    const memory = createFrameBytes((bytes) => told.push(bytes))
    for (let i = 0; i < 32; i += 1) memory.take(mib)
    memory.kept(32 * mib)
    memory.kept(25 * mib)
    expect(told).toEqual([])
    memory.kept(24 * mib)
    memory.kept(24 * mib)
    expect(told).toEqual([8 * mib])
    memory.take(16 * mib)
    memory.kept(24 * mib)
    expect(told).toEqual([8 * mib, 16 * mib])
  })

  it('is by itself, so that one frame holds no other, and empty', () => {
    const memory = createFrameBytes()
    const [one, other] = [memory.take(1000), memory.take(1000)]
    expect(one.buffer).not.toBe(other.buffer)
    expect(one.buffer.byteLength).toBe(1000)
    expect(one.every((byte) => byte === 0)).toBe(true)
  })

  it('what was given up is collected by what it tells', () => {
    // In a process of its own: when there is a collection depends on all that is in it.
    const work = `
      const { createFrameBytes } = await import(${JSON.stringify(source)})
      const memory = createFrameBytes()
      const before = process.memoryUsage.rss()
      for (let i = 0; i < 600; i += 1) {
        memory.take(${mib}).fill(1)
        memory.kept(0)
        if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      console.log(process.memoryUsage.rss() - before)`
    const grown = execFileSync(process.execPath, ['--input-type=module', '--eval', work], {
      encoding: 'utf8',
    })
    expect(Number(grown)).toBeLessThan(400 * mib)
  })
})
