import { join, resolve } from 'node:path'

/** Where the parts of a gateway's data directory lie. Absolute paths. */
export interface DataDirectory {
  root: string
  config: string
  gatewayId: string
  masterKey: string
  database: string
  instanceLock: string
  pki: string
  studies: string
  /** Revocation lists that were fetched. */
  revocationLists: string
  /** Complete months of the audit, sealed. */
  auditArchive: string
  /** Audit reports, sealed. */
  auditReports: string
}

export function dataDirectory(dir: string): DataDirectory {
  const root = resolve(dir)
  return {
    root,
    config: join(root, 'vigil.yaml'),
    gatewayId: join(root, 'gateway-id'),
    masterKey: join(root, 'master.key'),
    database: join(root, 'vigil.db'),
    instanceLock: join(root, 'instance.lock'),
    pki: join(root, 'pki'),
    studies: join(root, 'studies'),
    revocationLists: join(root, 'revocation-lists'),
    auditArchive: join(root, 'audit-archive'),
    auditReports: join(root, 'audit-reports'),
  }
}
