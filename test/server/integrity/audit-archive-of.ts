import { createAuditArchive, createCheckpoints, openEvidenceSigner } from '../../../src/server/audit/index.ts'
import type { DataDirectory } from '../../../src/server/data-directory/index.ts'
import type { Foundation } from '../../../src/server/foundation.ts'

/** The archive of complete months, as the gateway opens it. */
export async function auditArchiveOf(foundation: Foundation, paths: Pick<DataDirectory, 'auditArchive'>) {
  return createAuditArchive({
    ...foundation,
    checkpoints: createCheckpoints(foundation, await openEvidenceSigner(foundation)),
    directory: paths.auditArchive,
    keepMonths: foundation.config.audit.keepMonths,
  })
}
