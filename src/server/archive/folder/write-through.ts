import { open } from 'node:fs/promises'

/** A new file, to the disk, not only to the system's memory. */
export async function writeThrough(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o640)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
