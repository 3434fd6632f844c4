import { useQueryClient } from '@tanstack/react-query'
import { useBridgeEvent } from '../bridge/index.ts'
import { useSettingsOfOtherWindow } from '../settings/other-window.ts'

/** Reads again, without clearing, what main says has changed. The query keys' first words are the subjects. */
export function LiveQueries(): null {
  const queries = useQueryClient()
  useSettingsOfOtherWindow()
  useBridgeEvent('worklist-changed', () => void queries.invalidateQueries({ queryKey: ['worklist'] }))
  useBridgeEvent('dictionary-changed', () => void queries.invalidateQueries({ queryKey: ['dictionary'] }))
  useBridgeEvent('alert-changed', () => {
    void queries.invalidateQueries({ queryKey: ['alerts'] })
    void queries.invalidateQueries({ queryKey: ['worklist'] })
  })
  // What was missed while the gateway was away is asked for once it is back.
  useBridgeEvent('gateway', ({ reachable }) => {
    if (reachable) void queries.invalidateQueries()
  })
  return null
}
