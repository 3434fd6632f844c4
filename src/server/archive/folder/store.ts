import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { VigilError } from '../../../shared/errors/index.ts'
import { codeOf } from './scan.ts'

/** Where what is stored goes, below the archive's folder: apart from what others put there. */
const ownFolder = 'vigil-objects'

/**
 * Writes Part 10 files into the folder, each whole or not at all: under a hidden name first, which no scan looks at.
 * @throws VigilError `store-refused` where the folder takes none
 */
export async function storeInFolder(root: string, study: string, files: readonly Buffer[]): Promise<void> {
  const folder = join(root, ownFolder, study)
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 })
    for (const file of files) {
      const name = randomUUID()
      const hidden = join(folder, `.${name}`)
      try {
        const handle = await open(hidden, 'wx', 0o640)
        try {
          await handle.writeFile(file)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(hidden, join(folder, `${name}.dcm`))
      } catch (error) {
        await rm(hidden, { force: true })
        throw error
      }
    }
  } catch (cause) {
    throw new VigilError('store-refused', { reason: codeOf(cause) ?? 'unknown' }, { cause })
  }
}
