import { describe, expect, it } from 'vitest'
import { createFramesAhead } from '../../../../src/renderer/viewer/load/frame-request.ts'
import type { StoredFrame } from '../../../../src/renderer/viewer/pixels/decode-frame.ts'

const frame = (text: string): StoredFrame => ({
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bytes: new TextEncoder().encode(text),
})
const signal = new AbortController().signal

function opened() {
  const asked: { url: string; signal: AbortSignal; give(frame: StoredFrame): void; fail(): void }[] = []
  const ahead = createFramesAhead(
    (url, own) =>
      new Promise((resolve, reject) => {
        asked.push({ url, signal: own, give: resolve, fail: () => reject(new Error('lost')) })
      }),
  )
  return { ahead, asked }
}

describe('frames ahead of their image', () => {
  it('one begun is taken once, without a second request; the next is asked for', async () => {
    const { ahead, asked } = opened()
    ahead.begin('a')
    ahead.begin('a')
    const taken = ahead.take('a', signal)
    asked[0]!.give(frame('1'))
    expect(await taken).toEqual(frame('1'))
    void ahead.take('a', signal)
    await Promise.resolve()
    expect(asked.map(({ url }) => url)).toEqual(['a', 'a'])
  })

  it('a failed one is asked for again, by who wants it', async () => {
    const { ahead, asked } = opened()
    ahead.begin('a')
    asked[0]!.fail()
    const taken = ahead.take('a', signal)
    await new Promise((resolve) => setTimeout(resolve))
    asked[1]!.give(frame('2'))
    expect(await taken).toEqual(frame('2'))
    expect(asked[1]!.signal).toBe(signal)
  })

  it('two at most, so that the image on screen finds a connection', () => {
    const { ahead, asked } = opened()
    for (const url of ['a', 'b', 'c']) ahead.begin(url)
    expect(asked.map(({ url }) => url)).toEqual(['a', 'b'])
  })

  it('closing calls them off, and no pixel stays', () => {
    const { ahead, asked } = opened()
    ahead.begin('a')
    ahead.close()
    expect(asked[0]!.signal.aborted).toBe(true)
    ahead.begin('b')
    expect(asked).toHaveLength(1)
  })
})
