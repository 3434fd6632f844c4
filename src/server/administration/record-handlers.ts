import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Names } from './names.ts'
import { failureActions, failureRow } from './sign-in-failures.ts'

/** What has been recorded, and that a table of it left the product. */
export function recordHandlers(
  audit: AuditTrail,
  names: Names,
): Handlers<'auditTail' | 'signInFailures' | 'recordExport'> {
  return {
    /** An auditor may not look into accounts; a record without names would tell them nothing. */
    async auditTail({ query }) {
      const rows = await audit.tail(query.before)
      const people = await names.people()
      const workstations = await names.workstations()
      return rows.map((row) => {
        const [kind, id = ''] = row.actor.split(':', 2)
        const actorName = (kind === 'workstation' ? workstations : people).get(id)
        return actorName ? { ...row, actorName } : row
      })
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
