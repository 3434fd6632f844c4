import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Foundation } from '../foundation.ts'
import type { ScrubSource } from '../integrity/index.ts'
import { IntegrityError } from '../protection/index.ts'
import type { AuditArchive } from './archive.ts'

/** The archive files of complete months, for the scrub: each holds the records that it was written with. */
export function auditArchiveSource(
  { store, config }: Pick<Foundation, 'store' | 'config'>,
  archive: AuditArchive,
): ScrubSource {
  const extension = '.vaudit'
  const monthOf = (file: string) => file.slice(0, -extension.length)
  const months = () => store.db.selectFrom('audit_archives').selectAll().orderBy('month').execute()

  async function isOf(month: string, path?: string): Promise<boolean> {
    const row = (await months()).find((one) => one.month === month)
    const found = await archive.verify(month, path)
    return row?.first_seq === found.firstSeq && row.last_seq === found.lastSeq
  }

  async function faultOf(month: string): Promise<string | null> {
    try {
      return (await isOf(month)) ? null : 'changed'
    } catch (error) {
      if (error instanceof IntegrityError) return 'changed'
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable'
    }
  }

  return {
    name: 'audit-archive',
    total: async () => (await months()).length,
    async *check() {
      const all = await months()
      const kept = new Set(all.slice(-Math.max(6, config.audit.keepMonths)))
      for (const row of all) {
        const path = archive.path(row.month)
        const fault = await faultOf(row.month)
        // An older one may have been moved to where the hospital keeps such files.
        if (fault === 'missing' && !kept.has(row)) continue
        const bytes = await stat(path).then(
          ({ size }) => size,
          () => 0,
        )
        yield { file: basename(path), bytes, fault }
      }
    },
    async restore(file) {
      return (await archive.rebuild(monthOf(file))) ? 'derived' : null
    },
    async backedUp(file) {
      const month = monthOf(file)
      return {
        at: archive.path(month),
        isWhole: (candidate) => isOf(month, candidate).catch(() => false),
      }
    },
  }
}
