import type { Handlers, StreamAnswer } from '../http/route-handlers.ts'
import { frameStream } from './frame-stream.ts'
import type { Archive, Frame } from './index.ts'

/** A frame shorter than this is here before a stream for it would be. */
const passedThroughFrom = 128 << 10
const contentType = (syntax: string) => `application/octet-stream; transfer-syntax=${syntax}`

/** The routes that serve what the archive holds, as it holds it. */
export function archiveHandlers(archive: Archive): Handlers<'seriesMetadata' | 'frame'> {
  return {
    async seriesMetadata({ params }) {
      return archive.metadata(params.study, params.series)
    },

    /** A frame that is still on its way from the PACS is passed on as it comes. */
    frame({ params, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<StreamAnswer>()
      const whole = Promise.withResolvers<Frame>()
      whole.resolve(
        archive.frame(params, signal, (arriving) => {
          const { transferSyntaxUid, bytes } = arriving
          if (bytes.length < passedThroughFrom) return
          const body = frameStream(arriving, whole.promise)
          resolve({ contentType: contentType(transferSyntaxUid), length: bytes.length, body })
        }),
      )
      whole.promise.then(
        ({ transferSyntaxUid, bytes }) =>
          resolve({ contentType: contentType(transferSyntaxUid), body: bytes }),
        reject,
      )
      return promise
    },
  }
}
