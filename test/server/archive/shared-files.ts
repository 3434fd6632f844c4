import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino } from 'pino'

/** The real files of ../shared/data/dicom, which are not part of the project. */
export const sharedDicom = join(
  process.env.VIGIL_SHARED ?? resolve(import.meta.dirname, '../../../../shared'),
  'data/dicom',
)
export const sharedMissing = !existsSync(sharedDicom)

const folders = ['charset-pydicom', 'cornerstone3D', 'ct_series_58', 'pydicom', 'pydicom-data']

export const sharedFile = (name: string): string => join(sharedDicom, name)

/** Names, folder and file, of every DICOM file in it. */
export function sharedFiles(): string[] {
  if (sharedMissing) return []
  return folders.flatMap((folder) =>
    readdirSync(join(sharedDicom, folder))
      .filter((name) => name.endsWith('.dcm'))
      .sort()
      .map((name) => `${folder}/${name}`),
  )
}

export const silent = pino({ level: 'silent' })
