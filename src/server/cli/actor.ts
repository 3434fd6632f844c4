import { userInfo } from 'node:os'
import type { AuditEntry } from '../audit/index.ts'

/** Who the audit names for a command: the operating system's user. */
export function cliActor(): AuditEntry['actor'] {
  return { kind: 'cli', id: userInfo().username }
}
