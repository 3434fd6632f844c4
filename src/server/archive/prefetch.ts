import type { Archive } from './index.ts'

/** Series of a study whose metadata are got ahead: what a viewer shows at first, not all of a cardiac study's hundred. */
const aheadSeries = 4

/**
 * The archive that, when a study is opened, has the metadata of its first series with images on their way before they are asked
 * for, one after the other: a viewer asks for them as soon as it has drawn itself, and a PACS takes its time. A failure is the
 * asker's to see, who causes the same request again.
 */
export function createPrefetch(archive: Archive): Archive {
  return {
    ...archive,
    async study(uid) {
      const study = await archive.study(uid)
      const withImages = study.series.filter(({ instances }) => instances.some(({ frames }) => frames > 0))
      const getAhead = async () => {
        for (const { seriesInstanceUid } of withImages.slice(0, aheadSeries)) {
          await archive.metadata(uid, seriesInstanceUid)
        }
      }
      getAhead().catch(() => undefined)
      return study
    },
  }
}
