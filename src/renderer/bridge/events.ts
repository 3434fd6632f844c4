import { useEffect, useEffectEvent, useState } from 'react'
import type { IpcEvent } from '../../shared/ipc/index.ts'
import { useBridge } from './context.tsx'

type EventOf<K extends IpcEvent['kind']> = Extract<IpcEvent, { kind: K }>

/** Calls `handle` with each event of one kind while the component is mounted. */
export function useBridgeEvent<K extends IpcEvent['kind']>(kind: K, handle: (event: EventOf<K>) => void) {
  const bridge = useBridge()
  const onEvent = useEffectEvent((event: IpcEvent) => {
    if (event.kind === kind) handle(event as EventOf<K>)
  })
  useEffect(() => bridge.onEvent((event) => onEvent(event)), [bridge])
}

/**
 * A value that main holds: asked for once, then followed by events. An event that arrives before the answer wins.
 * `ask` may give null where it failed; the value then stays null until an event.
 */
export function useFollowedState<T, K extends IpcEvent['kind']>(
  kind: K,
  ofEvent: (event: EventOf<K>) => T,
  ask: () => Promise<T | null>,
): T | null {
  const [value, setValue] = useState<T | null>(null)
  const askNow = useEffectEvent(ask)
  useBridgeEvent(kind, (event) => setValue(ofEvent(event)))
  useEffect(() => {
    let live = true
    askNow().then(
      (answer) => live && setValue((current) => current ?? answer),
      () => undefined,
    )
    return () => {
      live = false
    }
  }, [])
  return value
}
