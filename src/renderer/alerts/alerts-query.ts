import { useQuery } from '@tanstack/react-query'
import type { Alert } from '../../shared/alert/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

/** The alerts that the person may see, of one study or of all; kept live by LiveQueries. */
export function useAlerts(study?: string) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['alerts', study ?? null],
    queryFn: async () => {
      const { alerts } = await unwrap(
        bridge.alertsList({ show: 'all', limit: 200, ...(study === undefined ? {} : { study }) }),
      )
      return alerts
    },
  })
}

/** Not yet accepted by the hospital's system. */
export function isOpen(alert: Alert): boolean {
  return ['awaiting-check', 'sent', 'delivered'].includes(alert.state.status)
}

/** Open ones first, the newest first among equals. */
export function inOrderOfConcern(alerts: readonly Alert[]): Alert[] {
  return alerts.toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.raisedAt - a.raisedAt)
}
