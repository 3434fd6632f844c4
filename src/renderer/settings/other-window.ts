import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

const channelName = 'vigil-settings'

/** Tells the workstation's other window that the person's settings are others now; not which, and not what. */
export function tellOtherWindow(): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage('saved')
  channel.close()
}

/** Reads the person's settings again when the other window has saved some: an area is saved whole, and would take back what it did. */
export function useSettingsOfOtherWindow(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = () => void queries.invalidateQueries({ queryKey: ['settings'] })
    return () => channel.close()
  }, [queries])
}
