import { Readable } from 'node:stream'
import type { ArrivingFrame } from './index.ts'

/**
 * The bytes of a frame as they arrive. The stream ends only when `whole` gives the frame in these very bytes: whatever else
 * becomes of it (the PACS breaks off, says another length, sends the frame a second time) breaks the stream, and with it the
 * answer that it is the body of, before its announced length.
 */
export function frameStream(arriving: ArrivingFrame, whole: Promise<{ bytes: Buffer }>): Readable {
  const { bytes } = arriving
  let sent = 0
  let isWhole = false
  let wanted = false

  const hand = () => {
    if (!wanted || stream.destroyed) return
    // The last byte waits for the proof that it is the last.
    const until = isWhole ? bytes.length : Math.min(arriving.received(), bytes.length - 1)
    if (until > sent) {
      wanted = false
      const piece = bytes.subarray(sent, until)
      sent = until
      stream.push(piece)
    }
    if (isWhole && sent === bytes.length) stream.push(null)
  }
  const stop = arriving.onMore(hand)
  const stream = new Readable({
    highWaterMark: 1 << 20,
    read() {
      wanted = true
      hand()
    },
    destroy(error, done) {
      stop()
      done(error)
    },
  })
  whole.then(
    (frame) => {
      if (frame.bytes !== bytes) return stream.destroy(new Error('the frame was read a second time'))
      isWhole = true
      return hand()
    },
    (error) => stream.destroy(error),
  )
  return stream
}
