import { readFile } from 'node:fs/promises'
import { inspect } from '../../../src/server/archive/folder/inspect.ts'
import { bufferSource } from '../../../src/server/archive/object/byte-source.ts'

/** Where a file's object is found in an archive that holds it. */
export async function inspectFile(file: string) {
  const { study, series, instance } = await inspect(bufferSource(await readFile(file)))
  return {
    study: study.studyInstanceUid,
    series: series.seriesInstanceUid,
    instance: instance.sopInstanceUid,
    frames: instance.frames,
    transferSyntaxUid: instance.transferSyntaxUid,
  }
}
