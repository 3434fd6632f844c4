import { useQuery } from '@tanstack/react-query'
import type { Alert } from '../../shared/alert/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

/** What the lists can be asked for. */
export type Show = 'open' | 'check' | 'own' | 'all'

/** One list of alerts and the ids of those whose record was changed; kept live by LiveQueries. */
export function useAlertList({ show, study }: { show: Show; study?: string }) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['alerts', show, study ?? null],
    queryFn: () =>
      unwrap(bridge.alertsList({ show, limit: show === 'all' ? 200 : 500, ...(study ? { study } : {}) })),
  })
}

/** The alerts that the person may see, of one study or of all, newest first. */
export function useAlerts(study?: string) {
  const list = useAlertList({ show: 'all', ...(study === undefined ? {} : { study }) })
  return { ...list, data: list.data?.alerts }
}

/** No clinician has acknowledged it yet, and nobody took it back. */
export function isUnanswered({ state }: Pick<Alert, 'state'>): boolean {
  return state.status === 'awaiting-check' || state.status === 'sent' || state.status === 'delivered'
}

/** Unanswered ones first, the newest first among equals. */
export function inOrderOfConcern(alerts: readonly Alert[]): Alert[] {
  return alerts.toSorted(
    (a, b) => Number(isUnanswered(b)) - Number(isUnanswered(a)) || b.raisedAt - a.raisedAt,
  )
}
