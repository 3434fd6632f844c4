import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { type Names, withNames } from './names.ts'
import { failureActions, failureRow } from './sign-in-failures.ts'

/** What has been recorded, and that a table of it left the product. */
export function recordHandlers(
  audit: AuditTrail,
  names: Names,
): Handlers<'auditTail' | 'signInFailures' | 'recordExport'> {
  return {
    /** An auditor may not look into accounts; a record without names would tell them nothing. */
    async auditTail({ query }) {
      return withNames(names, await audit.tail(query.before))
    },
    async signInFailures({ query }) {
      const rows = await audit.tail(query.before, failureActions)
      const people = await names.people()
      const workstations = await names.workstations()
      return rows.map((row) => failureRow(row, { people, workstations }))
    },
    async recordExport({ body, principal, address }) {
      await audit.record({
        action: 'table.exported',
        outcome: 'success',
        actor: auditActor(principal, address),
        object: { kind: 'table', id: body.table },
        detail: { rows: body.rows },
      })
      return {}
    },
  }
}
