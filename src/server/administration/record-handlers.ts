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
      const ofKind = (kind: string) =>
        rows.map(({ object }) => partsOf(object)).flatMap(([own, id]) => (own === kind ? [id] : []))
      const known: Record<string, Map<string, string>> = {
        account: people,
        workstation: workstations,
        session: await names.sessions(ofKind('session')),
        certificate: await names.certificates(ofKind('certificate')),
      }
      const nameOf = (reference: string) => {
        const [kind, id] = partsOf(reference)
        return known[kind]?.get(id)
      }
      return rows.map((row) => {
        const [actorName, objectName] = [nameOf(row.actor), nameOf(row.object)]
        return { ...row, ...(actorName ? { actorName } : {}), ...(objectName ? { objectName } : {}) }
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

/** `account:1234` → kind and id. */
function partsOf(reference: string): [string, string] {
  const [kind = '', id = ''] = reference.split(':', 2)
  return [kind, id]
}
