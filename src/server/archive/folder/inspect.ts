import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Instance } from '../../../shared/study/index.ts'
import {
  instanceFacts,
  isUid,
  type SeriesFacts,
  type StudyFacts,
  seriesFacts,
  studyFacts,
} from '../facts/summary.ts'
import { type ByteSource, fileSource } from '../object/byte-source.ts'
import { asciiOf, tags } from '../object/dataset.ts'
import { toDicomJson } from '../object/json.ts'
import { type DicomObject, readObject } from '../object/part10.ts'
import { Unreadable } from '../object/unreadable.ts'
import { layoutOf } from '../pixel/layout.ts'

const mediaDirectoryStorage = '1.2.840.10008.1.3.10'
const directoryRecordSequence = 0x00041220

/** What the catalogue holds of one file. */
export interface Inspection {
  study: StudyFacts
  series: SeriesFacts
  instance: Instance
}

/** A file's state, by which a change is noticed. */
export interface FileState {
  size: number
  mtimeMs: number
}

/**
 * Opens a file for the time of `use`. No link is followed at the last step of the path, so that a file swapped for a
 * link after the scan is refused as well.
 * @throws Unreadable, or the file system's error
 */
export async function withFile<T>(path: string, use: (source: ByteSource, state: FileState) => Promise<T>) {
  // Not to block: a pipe put under this name would wait for its writer for ever.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(path, flags)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new Unreadable('not a regular file')
    return await use(fileSource(handle, stats.size), { size: stats.size, mtimeMs: stats.mtimeMs })
  } finally {
    await handle.close()
  }
}

/** Reads what the catalogue needs, and checks that every frame is there. @throws Unreadable */
export async function inspect(source: ByteSource): Promise<Inspection> {
  const object = await readObject(source)
  checkIdentity(object)
  const layout = await layoutOf(object)
  const json = toDicomJson(object)
  return {
    study: studyFacts(json),
    series: seriesFacts(json),
    instance: instanceFacts(json, layout?.frames ?? 0),
  }
}

function checkIdentity({ dataset }: DicomObject): void {
  const isDirectory = asciiOf(dataset, tags.sopClassUid) === mediaDirectoryStorage
  // A DICOMDIR has directory records in place of an object's identity.
  if (isDirectory || dataset.elements.has(directoryRecordSequence)) {
    throw new Unreadable('DICOM directory (DICOMDIR), not an image or document')
  }
  const check = (tag: number, name: 'Study' | 'Series' | 'SOP') => {
    const value = asciiOf(dataset, tag)
    if (value === '') throw new Unreadable(`no ${name} Instance UID`)
    if (!isUid(value)) throw new Unreadable(`invalid ${name} Instance UID`)
  }
  check(tags.sopInstanceUid, 'SOP')
  check(tags.studyInstanceUid, 'Study')
  check(tags.seriesInstanceUid, 'Series')
}
