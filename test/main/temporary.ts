import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []
process.once('exit', () => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

/** A directory of this test process, gone with it. */
export function temporary(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `vigil-${name}-`))
  made.push(directory)
  return directory
}
