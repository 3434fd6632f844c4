import { sep } from 'node:path'
import { ownObjectsSource } from './archive/index.ts'
import { type AuditArchive, auditArchiveSource } from './audit/index.ts'
import { auditReportSource } from './audit-review/index.ts'
import { type Backups, checkDatabase } from './backup/index.ts'
import type { DataDirectory } from './data-directory/index.ts'
import type { Foundation } from './foundation.ts'
import { createIntegrity, type Integrity } from './integrity/index.ts'

/** Scrub and repair over everything that a gateway stores: the same for the gateway itself and for the CLI beside it. */
export function openIntegrity(
  foundation: Foundation,
  deps: { paths: DataDirectory; backups: Backups; auditArchive: AuditArchive; everyMs?: number },
): Integrity {
  const { paths, backups, auditArchive, everyMs } = deps
  const { archive } = foundation.config
  const sealedFiles = [
    paths.auditArchive,
    paths.auditReports,
    ...(archive.kind === 'folder' ? [archive.path] : []),
  ]
  return createIntegrity(foundation, {
    sources: [
      ...backups.keptSources,
      auditArchiveSource(foundation, auditArchive),
      auditReportSource(foundation, paths.auditReports),
      ...(archive.kind === 'folder'
        ? [ownObjectsSource(archive.path, foundation.protection, () => backups.filesBelow(archive.path))]
        : []),
      backups.unchangedSource((file) => sealedFiles.some((directory) => file.startsWith(directory + sep))),
    ],
    copies: backups.copiesOf,
    structureFaults: async () => (await checkDatabase(paths.database)).faults,
    ...(everyMs ? { everyMs } : {}),
  })
}
