import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { usePermission } from '../../app/session.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { useAlertList } from '../alerts-query.ts'
import { useAttention } from './memory.ts'
import { type Notice, noticesOf } from './notices.ts'

export interface Notices {
  notices: Notice[]
  /** Something was heard that no list says more about: the alerts cannot be read now. */
  unreadable: boolean
}

/** What the signed-in person must notice now: from the open alerts, and from what was heard of others. */
export function useNotices(): Notices {
  const bridge = useBridge()
  const { memory } = useAttention()
  const mayCheck = usePermission('alert.check')
  const mayManage = usePermission('alert.manage')
  const open = useAlertList({ show: 'open' })
  // A withdrawn alert is not among the open ones.
  const late = memory.heard.filter(({ why }) => why === 'answered-late').map(({ alertId }) => alertId)
  const others = useQueries({
    queries: late.map((alert) => ({
      queryKey: ['alerts', 'one', alert],
      queryFn: () => unwrap(bridge.alertOpen({ alert })),
    })),
    combine: (answers) => answers.flatMap(({ data }) => (data ? [data.alert] : [])),
  })
  const notices = useMemo(
    () => noticesOf([...(open.data?.alerts ?? []), ...others], memory, { mayCheck, mayManage }),
    [open.data, others, memory, mayCheck, mayManage],
  )
  return { notices, unreadable: open.isError && memory.heard.length > 0 }
}
