import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DemoOrder } from '../demo/index.ts'
import { studyFiles } from './study.ts'

/** Writes one study below `targetDir`, each file whole or not at all: a temporary name first, then renamed. */
export function writeStudy(targetDir: string, order: DemoOrder, onFile: () => void): void {
  const made = new Set<string>()
  for (const { path, bytes } of studyFiles(order)) {
    const file = join(targetDir, path)
    const folder = dirname(file)
    if (!made.has(folder)) mkdirSync(folder, { recursive: true })
    made.add(folder)
    const partial = `${file}.part`
    writeFileSync(partial, bytes)
    renameSync(partial, file)
    onFile()
  }
}
