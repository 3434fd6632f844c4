import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { IntegrityError, type Protection } from '../../protection/index.ts'

export type ReportFormat = 'pdf' | 'xlsx'

/** The files of audit reports, sealed, in a directory of their own. */
export interface KeptReportFiles {
  /** On the disk when it returns. @returns the SHA-256 (hex) of the bytes before they were sealed. */
  write(id: string, format: ReportFormat, bytes: Uint8Array): Promise<string>
  pathOf(id: string, format: ReportFormat): string
  /** `at`: a copy of it that lies elsewhere. @throws IntegrityError where it is gone, was changed, or is not what the hash says. */
  read(id: string, format: ReportFormat, hash: string, at?: string): Promise<Buffer>
  remove(id: string): Promise<void>
}

const labelOf = (id: string, format: ReportFormat) => `audit-report/${id}/${format}`
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export function createKeptReportFiles(protection: Protection, directory: string): KeptReportFiles {
  const pathOf = (id: string, format: ReportFormat) => join(directory, `${id}.${format}.sealed`)

  return {
    pathOf,
    async write(id, format, bytes) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const path = pathOf(id, format)
      const file = await open(`${path}.new`, 'w', 0o600)
      try {
        await file.writeFile(protection.sealBytes('archive', labelOf(id, format), bytes))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(`${path}.new`, path)
      return hashOf(bytes)
    },
    async read(id, format, hash, at = pathOf(id, format)) {
      const damaged = new IntegrityError({ table: 'file', column: 'archive', row: labelOf(id, format) })
      const sealed = await readFile(at).catch(() => {
        throw damaged
      })
      const bytes = protection.openBytes('archive', labelOf(id, format), sealed)
      if (hashOf(bytes) !== hash) throw damaged
      return bytes
    },
    async remove(id) {
      for (const format of ['pdf', 'xlsx'] as const) await rm(pathOf(id, format), { force: true })
    },
  }
}
