import { createContext, type ReactNode, useContext } from 'react'
import type { Bridge } from '../../shared/ipc/index.ts'
import type { Clock } from '../../shared/time/clock.ts'

declare global {
  interface Window {
    /** Put there by the preload; the only way out of this window. */
    vigil: Bridge
  }
}

/** What the window is given from outside. */
export interface FrontDoor {
  bridge: Bridge
  clock: Clock
}

const Context = createContext<FrontDoor | null>(null)

export function BridgeProvider({ door, children }: { door: FrontDoor; children: ReactNode }) {
  return <Context.Provider value={door}>{children}</Context.Provider>
}

function useDoor(): FrontDoor {
  const door = useContext(Context)
  if (!door) throw new Error('BridgeProvider is missing above this component')
  return door
}

export function useBridge(): Bridge {
  return useDoor().bridge
}

export function useClock(): Clock {
  return useDoor().clock
}
