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
    auditTail: ({ query }) => deps.audit.tail(query.before),
  }
}
