import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { VigilError } from '../../../shared/errors/index.ts'
import { codeOf } from './scan.ts'

/** Where what is stored goes, below the archive's folder: apart from what others put there. */
const ownFolder = 'vigil-objects'

/**
 * Writes Part 10 files into the folder, all of them or none: under hidden names first, which no scan looks at.
 * @throws VigilError `store-refused` where the folder takes none
 */
export async function storeInFolder(root: string, study: string, files: readonly Buffer[]): Promise<void> {
  const folder = join(root, ownFolder, study)
  const written: { hidden: string; shown: string }[] = []
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 })
    for (const file of files) {
      const name = randomUUID()
      const hidden = join(folder, `.${name}`)
      written.push({ hidden, shown: join(folder, `${name}.dcm`) })
      await writeThrough(hidden, file)
    }
    for (const { hidden, shown } of written) await rename(hidden, shown)
  } catch (cause) {
    for (const paths of written)
      for (const path of Object.values(paths)) await rm(path, { force: true }).catch(() => undefined)
    throw new VigilError('store-refused', { reason: codeOf(cause) ?? 'unknown' }, { cause })
  }
}

/** To the disk, not only to the system's memory. */
async function writeThrough(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o640)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
