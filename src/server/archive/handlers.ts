import type { Handlers, StreamAnswer } from '../http/route-handlers.ts'
import { frameStream } from './frame-stream.ts'
import type { Archive, Frame } from './index.ts'

/** A shorter frame (a CT slice has 512 KiB) is here before its first half would have left: in pieces it only costs more. */
const passedThroughFrom = 1 << 20
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
