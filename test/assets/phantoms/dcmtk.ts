import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Whether dcmtk's tools are here; tests that need them are skipped otherwise, and say so in their name. */
export const haveDcmtk = ['dcmdump', 'dcmdrle'].every((tool) => spawnSync(tool, ['--version']).status === 0)
export const dcmtkNote = haveDcmtk ? '' : ' (skipped: dcmtk is not installed)'

export function dcmtk(tool: 'dcmdump' | 'dcmdrle', args: readonly string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-phantoms-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
