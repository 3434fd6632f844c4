import { createContext, useContext } from 'react'
import type { Permission } from '../../shared/access/index.ts'
import type { SessionView } from '../../shared/session/index.ts'

export const SessionContext = createContext<SessionView | null>(null)

export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (!session) throw new Error('SessionContext is missing above this component')
  return session
}

/** What the roles permit; but without the key nothing is signed. The gateway and the key decide, this only leaves the way out. */
export function usePermission(permission: Permission): boolean {
  const { permissions, factor } = useSession()
  if (permission === 'report.sign' && factor === 'fallback') return false
  return permissions.includes(permission)
}
