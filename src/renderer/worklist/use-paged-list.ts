import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { unwrap, useBridge, useBridgeEvent } from '../bridge/index.ts'
import { createPagedList, type ListQuestion, type PagedList } from './paged-list.ts'

/** Changes come in bursts: at most one call in so many ms for them. */
const quietFor = 400

/** A list that outlives the screen that shows it, so that coming back finds it as it was. */
export function usePagedList(): PagedList {
  const bridge = useBridge()
  const [list] = useState(() =>
    createPagedList({
      fetch: (query) => unwrap(bridge.worklistList(query)),
      after: (ms, call) => void setTimeout(call, ms),
    }),
  )
  return list
}

/** Asks the list for what the screen shows, and follows what changes at the gateway. */
export function useListState(list: PagedList, question: ListQuestion) {
  useEffect(() => list.ask(question), [list, question])
  // Coming back to it: it shows what it had, and looks whether that still holds.
  useEffect(() => list.refresh(), [list])
  useWorklistChanges(list.refresh)
  return useSyncExternalStore(list.subscribe, list.state)
}

/** Calls `changed` after anything on the list has changed, once for a burst. */
export function useWorklistChanges(changed: () => void): void {
  const [burst] = useState(() => ({ timer: undefined as ReturnType<typeof setTimeout> | undefined }))
  const call = useEffectEvent(changed)
  const soon = () => {
    burst.timer ??= setTimeout(() => {
      burst.timer = undefined
      call()
    }, quietFor)
  }
  useEffect(
    () => () => {
      clearTimeout(burst.timer)
      burst.timer = undefined
    },
    [burst],
  )
  useBridgeEvent('worklist-changed', soon)
  useBridgeEvent('alert-changed', soon)
  useBridgeEvent('gateway', ({ reachable }) => reachable && soon())
}
