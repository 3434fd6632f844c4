import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Names } from './names.ts'
import { failureActions, failureRow } from './sign-in-failures.ts'

/** Sign-ins that failed, and that a table left the product. */
export function recordHandlers(audit: AuditTrail, names: Names): Handlers<'signInFailures' | 'recordExport'> {
  return {
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
