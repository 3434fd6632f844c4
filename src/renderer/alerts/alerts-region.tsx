import type { ReactNode } from 'react'
import { usePermission, useSession } from '../app/session.ts'
import { AlertsPanelProvider } from './alerts-panel.tsx'
import { QuietContext, useQuietPreference } from './attention/quiet.ts'

/** What the workspace needs around it for alerts: the panel and the person's wish for quiet. Without the right to read them, nothing. */
export function AlertsRegion(props: { children: ReactNode; onOpenStudy: (study: string) => void }) {
  const reads = usePermission('alert.read')
  const quiet = useQuietPreference(useSession().accountId)
  if (!reads) return props.children
  return (
    <QuietContext value={quiet}>
      <AlertsPanelProvider onOpenStudy={props.onOpenStudy}>{props.children}</AlertsPanelProvider>
    </QuietContext>
  )
}
