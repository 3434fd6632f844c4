import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Alert } from '../../shared/alert/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { dueOf } from './due.ts'

/** What the lists can be asked for. */
export type Show = 'open' | 'check' | 'own' | 'all'

/** The gateway gives no more than so many. */
export const listLimit: Record<Show, number> = { open: 500, check: 500, own: 200, all: 200 }

/** One list of alerts and the ids of those whose record was changed; kept live by LiveQueries. */
export function useAlertList({ show, study }: { show: Show; study?: string }) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['alerts', show, study ?? null],
    queryFn: () => unwrap(bridge.alertsList({ show, limit: listLimit[show], ...(study ? { study } : {}) })),
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

/** One alert with all that happened to it. Its key stands below the lists': what makes them stale makes it stale. */
export function useAlertDetail(alert: string) {
  const bridge = useBridge()
  return useQuery({ queryKey: ['alerts', 'one', alert], queryFn: () => unwrap(bridge.alertOpen({ alert })) })
}

/** An alert as a list showed it: of one that cannot be opened, which exam it is of. */
export function useListedAlert(id: string): Alert | undefined {
  const queries = useQueryClient()
  return queries
    .getQueriesData<{ alerts?: readonly Alert[] }>({ queryKey: ['alerts'] })
    .flatMap(([, data]) => data?.alerts ?? [])
    .find((alert) => alert.id === id)
}

/** What somebody must do something about first: given up or at the chain's end, late, unanswered, unhandled; then by level and deadline. */
export function byUrgency(alerts: readonly Alert[], now: number): Alert[] {
  const rank = (alert: Alert) => {
    const { exhausted, refused, receivedAt, handledAt } = alert.state
    if (handledAt !== null) return 4
    if (exhausted || (refused && receivedAt === null)) return 0
    if (dueOf(alert.state, now)?.late) return 1
    return receivedAt === null ? 2 : 3
  }
  const level = (alert: Alert) => ['red', 'orange', 'yellow'].indexOf(alert.level)
  const due = (alert: Alert) => alert.state.due?.at ?? Number.POSITIVE_INFINITY
  return alerts
    .map((alert) => ({ alert, rank: rank(alert) }))
    .sort((a, b) => a.rank - b.rank || level(a.alert) - level(b.alert) || due(a.alert) - due(b.alert))
    .map(({ alert }) => alert)
}
