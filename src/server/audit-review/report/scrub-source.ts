import { existsSync } from 'node:fs'
import type { Foundation } from '../../foundation.ts'
import type { ScrubSource } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import { openedReport } from './audit-reports.ts'
import { createKeptReportFiles } from './kept-files.ts'

/** The files of audit reports, for the scrub: each is what its row in the store says. */
export function auditReportSource(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  directory: string,
): ScrubSource {
  const files = createKeptReportFiles(protection, directory)
  const rowOf = (id: string) =>
    store.db.selectFrom('audit_reports').selectAll().where('id', '=', id).executeTakeFirst()
  return {
    name: 'audit-report',
    async total() {
      const { count } = await store.db
        .selectFrom('audit_reports')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return count * 2
    },
    async *check() {
      const rows = await store.db.selectFrom('audit_reports').selectAll().orderBy('id').execute()
      for (const row of rows)
        for (const format of ['pdf', 'xlsx'] as const) {
          const file = `${row.id}.${format}.sealed`
          try {
            const kept = openedReport(protection, row)
            const { length } = await files.read(
              row.id,
              format,
              format === 'pdf' ? kept.pdfHash : kept.xlsxHash,
            )
            yield { file, bytes: length, fault: null }
          } catch (error) {
            if (!(error instanceof IntegrityError)) throw error
            const isThere = existsSync(files.pathOf(row.id, format))
            yield { file, bytes: 0, fault: isThere ? 'changed' : 'missing' }
          }
        }
    },
    async backedUp(file) {
      const [id = '', format] = file.split('.')
      const row = await rowOf(id)
      if (!row || (format !== 'pdf' && format !== 'xlsx')) return null
      const kept = openedReport(protection, row)
      return {
        at: files.pathOf(id, format),
        async isWhole(candidate) {
          try {
            await files.read(id, format, format === 'pdf' ? kept.pdfHash : kept.xlsxHash, candidate)
            return true
          } catch (error) {
            if (error instanceof IntegrityError) return false
            throw error
          }
        },
      }
    },
  }
}
