import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VigilError } from '../../../shared/errors/index.ts'
import type { OwnObjects } from './own-objects.ts'
import { codeOf } from './scan.ts'
import { writeThrough } from './write-through.ts'

/**
 * Writes Part 10 files into the folder, encrypted, all of them or none: under hidden names first, which no scan looks at.
 * @throws VigilError `store-refused` where the folder takes none
 */
export async function storeInFolder(own: OwnObjects, study: string, files: readonly Buffer[]): Promise<void> {
  const folder = own.folderOf(study)
  const written: { hidden: string; shown: string }[] = []
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 })
    for (const file of files) {
      const shown = own.pathOf(folder, randomUUID())
      const hidden = join(dirname(shown), `.${basename(shown)}`)
      written.push({ hidden, shown })
      await writeThrough(hidden, own.sealed(shown, file))
    }
    for (const { hidden, shown } of written) await rename(hidden, shown)
  } catch (cause) {
    for (const paths of written)
      for (const path of Object.values(paths)) await rm(path, { force: true }).catch(() => undefined)
    throw new VigilError('store-refused', { reason: codeOf(cause) ?? 'unknown' }, { cause })
  }
}
