import { createContext, useContext } from 'react'
import type { Permission } from '../../shared/access/index.ts'
import type { SessionView } from '../../shared/session/index.ts'

export const SessionContext = createContext<SessionView | null>(null)

export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (!session) throw new Error('SessionContext is missing above this component')
  return session
}

export function usePermission(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}
