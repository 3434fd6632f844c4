import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { type Archive, createArchive } from '../../src/server/archive/index.ts'
import { objectKeys } from '../server/archive/object-keys.ts'

const shared = process.env.VIGIL_SHARED ?? resolve(import.meta.dirname, '../../../shared')

/** The folder of real DICOM files, or null where this machine does not have it. */
export const sharedDicom = existsSync(join(shared, 'data/dicom')) ? join(shared, 'data/dicom') : null

export function openFolder(path: string): Promise<Archive> {
  return createArchive(
    { kind: 'folder', path },
    { dataDir: path, protection: objectKeys, clock: Date.now, log: pino({ level: 'silent' }) },
  )
}
