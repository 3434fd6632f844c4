import type { Handlers } from '../http/route-handlers.ts'
import type { Archive } from './index.ts'

/** The routes that serve what the archive holds, as it holds it. */
export function archiveHandlers(archive: Archive): Handlers<'seriesMetadata' | 'frame'> {
  return {
    async seriesMetadata({ params }) {
      return archive.metadata(params.study, params.series)
    },

    async frame({ params, signal }) {
      const { transferSyntaxUid, bytes } = await archive.frame(params, signal)
      return { contentType: `application/octet-stream; transfer-syntax=${transferSyntaxUid}`, body: bytes }
    },
  }
}
