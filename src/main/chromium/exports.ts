import { mkdir, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'

const mostOfOneName = 1_000

/**
 * Writes a file below `directory`, in the place of the dialog that this shell does not have. Readable by its user alone;
 * never over another: `name (2).csv` and so on. The path.
 */
export async function writeExport(directory: string, fileName: string, content: Uint8Array): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { name, ext } = parse(fileName)
  for (let count = 1; count <= mostOfOneName; count++) {
    const path = join(directory, count === 1 ? fileName : `${name} (${count})${ext}`)
    try {
      await writeFile(path, content, { flag: 'wx', mode: 0o600, flush: true })
      return path
    } catch (error) {
      if (!['EEXIST', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  throw new Error('too many exports of one name')
}
