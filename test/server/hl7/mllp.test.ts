import { describe, expect, it } from 'vitest'
import { createBlockReader, frameBlock } from '../../../src/server/hl7/mllp.ts'

describe('MLLP', () => {
  it('finds blocks however the stream is cut', () => {
    const stream = Buffer.concat([
      frameBlock(Buffer.from('one')),
      Buffer.from('noise'),
      frameBlock(Buffer.from('二')),
    ])
    for (let cut = 1; cut < stream.length; cut++) {
      const read = createBlockReader()
      const blocks = [...read(stream.subarray(0, cut)), ...read(stream.subarray(cut))]
      expect(blocks.map(String)).toEqual(['one', '二'])
    }
  })

  it('gives up on an endless block', () => {
    const read = createBlockReader()
    read(Buffer.of(0x0b))
    expect(() => read(Buffer.alloc(70_000, 0x41))).toThrow(RangeError)
  })

  it('keeps nothing of bytes outside a block', () => {
    const read = createBlockReader()
    for (let i = 0; i < 100; i++) expect(read(Buffer.alloc(10_000))).toEqual([])
  })
})
