import type { AuditTrail } from '../audit/index.ts'
import type { Handlers } from '../http/index.ts'
import type { Accounts, Workstations } from '../identity/index.ts'
import type { Sessions } from '../sessions/index.ts'

type Names = 'accounts' | 'workstations' | 'sessions' | 'auditTail'

/** What the officers look at. */
export function administrationHandlers(deps: {
  accounts: Accounts
  workstations: Workstations
  sessions: Sessions
  audit: AuditTrail
}): Handlers<Names> {
  return {
    accounts: () => deps.accounts.list(),
    workstations: () => deps.workstations.list(),
    sessions: () => deps.sessions.live(),
    /** An auditor may not look into accounts; a record without names would tell them nothing. */
    async auditTail({ query }) {
      const rows = await deps.audit.tail(query.before)
      const names = new Map<string, string>()
      for (const account of await deps.accounts.list())
        names.set(`account:${account.id}`, account.displayName)
      for (const place of await deps.workstations.list()) names.set(`workstation:${place.id}`, place.name)
      return rows.map((row) => {
        const actorName = names.get(row.actor)
        return actorName ? { ...row, actorName } : row
      })
    },
  }
}
