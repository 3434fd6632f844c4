import type { SignedReport } from '../../shared/report/index.ts'
import type { Foundation } from '../foundation.ts'
import { createKeyImages } from './key-images.ts'
import { mustBeOf, reportIdOf, standingOf } from './standing.ts'
import { readVersions } from './versions.ts'

/** The signed versions of a study's report with their key images, for who verifies them. @throws IntegrityError */
export async function storedReport(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>,
  studyInstanceUid: string,
): Promise<{ versions: SignedReport[]; images: Buffer[] }> {
  const { store, protection } = foundation
  const id = reportIdOf(protection, studyInstanceUid)
  mustBeOf(studyInstanceUid, await standingOf(store.db, id), protection)
  const versions = await readVersions(store.db, protection, id)
  const named = new Set(
    versions.flatMap(({ document }) => document.keyImages?.map((image) => image.id) ?? []),
  )
  const { read } = createKeyImages(foundation)
  return { versions, images: await Promise.all([...named].map((image) => read(store.db, id, image))) }
}
