import type { Stats } from 'node:fs'

/**
 * Refuses a secret's file that others may read. On Windows, whose modes mean nothing, the installer's ACL is what guards it.
 * @throws Error naming the file and its mode.
 */
export function refuseWiderThanOwner(file: string, stats: Stats): void {
  if (process.platform === 'win32') return
  const mode = stats.mode & 0o777
  if ((mode & 0o077) === 0) return
  throw new Error(`${file}: mode ${mode.toString(8).padStart(4, '0')} is too wide; it must be 0600`)
}
