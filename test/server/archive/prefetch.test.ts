import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/server/archive/index.ts'
import { createPrefetch } from '../../../src/server/archive/prefetch.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { Study } from '../../../src/shared/study/index.ts'

/** A study with `series` series; the first has no images. */
const studyWith = (series: number) =>
  ({
    studyInstanceUid: '1',
    series: Array.from({ length: series }, (_, i) => ({
      seriesInstanceUid: `1.${i}`,
      instances: [{ sopInstanceUid: `1.${i}.1`, frames: i === 0 ? 0 : 1 }],
    })),
  }) as unknown as Study

function opened(study: Study, metadata: Archive['metadata'] = async () => []) {
  const asked: string[] = []
  const archive = createPrefetch({
    study: async () => study,
    metadata: (uid: string, series: string) => {
      asked.push(series)
      return metadata(uid, series)
    },
  } as unknown as Archive)
  return { archive, asked }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('metadata ahead', () => {
  it('those of the first series with images, in their order, and no more than four', async () => {
    const { archive, asked } = opened(studyWith(8))
    expect((await archive.study('1')).series).toHaveLength(8)
    await settled()
    expect(asked).toEqual(['1.1', '1.2', '1.3', '1.4'])
  })

  it('one after the other, and the study does not wait for them', async () => {
    const { archive, asked } = opened(studyWith(3), () => new Promise(() => {}))
    await archive.study('1')
    await settled()
    expect(asked).toEqual(['1.1'])
  })

  it('a failure ends it quietly', async () => {
    const { archive, asked } = opened(studyWith(3), () =>
      Promise.reject(new VigilError('archive-unavailable')),
    )
    await expect(archive.study('1')).resolves.toBeDefined()
    await settled()
    expect(asked).toEqual(['1.1'])
  })
})
