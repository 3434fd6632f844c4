import { createContext, useContext } from 'react'
import type { AlertAction } from './actions.ts'
import type { Show } from './alerts-query.ts'

/** What the panel shows. */
export interface PanelView {
  show: Show
  /** The alert whose detail is open. */
  alert: string | null
  /** The form that is open in its detail. */
  form: AlertAction | null
}

export interface AlertsPanel {
  /** Null while it is closed. */
  view: PanelView | null
  /** Opens it, or changes what it shows. */
  show: (change: Partial<PanelView>) => void
  close: () => void
}

export const AlertsPanelContext = createContext<AlertsPanel | null>(null)

export function useAlertsPanel(): AlertsPanel {
  const panel = useContext(AlertsPanelContext)
  if (!panel) throw new Error('AlertsPanelContext is missing above this component')
  return panel
}
