import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

const channelName = 'vigil-settings'

/** Tells the workstation's other window that the person's settings are others now; not which, and not what. */
export function tellOtherWindow(): void {
  const channel = new BroadcastChannel(channelName)
  // A channel hears every other of its name, those of its own window too: this says which window it was.
  channel.postMessage(performance.timeOrigin)
  channel.close()
}

/** Reads the person's settings again when the other window has saved some: an area is saved whole, and would take back what it did. */
export function useSettingsOfOtherWindow(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = ({ data }) => {
      if (data !== performance.timeOrigin) void queries.invalidateQueries({ queryKey: ['settings'] })
    }
    return () => channel.close()
  }, [queries])
}
