import { randomUUID } from 'node:crypto'
import { chmod, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type BackedUp, type KeptCopy, type ScrubSource, sourceOf } from './source.ts'

/**
 * Puts a good copy in the place of a damaged file: by whoever keeps it, else from the newest backup whose copy is what was written.
 * @returns where from; null where there is none.
 */
export async function restoreFile(
  source: ScrubSource,
  file: string,
  copies: (file: string) => Promise<readonly KeptCopy[]>,
): Promise<string | null> {
  const own = await source.restore?.(file)
  if (own) return own
  const backedUp = await source.backedUp?.(file)
  if (!backedUp) return null
  for (const copy of await copies(backedUp.at)) {
    const opened = await copy.open()
    if (!opened) continue
    try {
      if (!(await backedUp.isWhole(opened.file))) continue
      await putInPlace(opened.file, backedUp)
      return sourceOf(copy)
    } finally {
      await opened.close()
    }
  }
  return null
}

/** Whole at its place or not at all; under a hidden name first, which nobody looks at. */
async function putInPlace(from: string, { at }: BackedUp): Promise<void> {
  await mkdir(dirname(at), { recursive: true, mode: 0o700 })
  const beside = join(dirname(at), `.${basename(at)}.${randomUUID()}`)
  try {
    await copyFile(from, beside)
    const damaged = await stat(at).catch(() => null)
    if (damaged) await chmod(beside, damaged.mode & 0o777)
    const handle = await open(beside, 'r+')
    await handle.sync().finally(() => handle.close())
    await rename(beside, at)
  } finally {
    await rm(beside, { force: true })
  }
}
