import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { alarmsQueryKey } from '../administration/index.ts'
import { useBridgeEvent } from '../bridge/index.ts'
import { useSettingsOfOtherWindow } from '../settings/other-window.ts'

/** Reads again, without clearing, what main says has changed. The query keys' first words are the subjects. */
export function LiveQueries(): null {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const queries = useQueryClient()
  useSettingsOfOtherWindow()
  useBridgeEvent('worklist-changed', () => void queries.invalidateQueries({ queryKey: ['worklist'] }))
  useBridgeEvent('glass-broken', () => {
    void message.warning(t('labels.glass.told'), 10)
    void queries.invalidateQueries({ queryKey: ['administration'] })
  })
  useBridgeEvent('dictionary-changed', () => void queries.invalidateQueries({ queryKey: ['dictionary'] }))
  useBridgeEvent('alert-changed', () => {
    void queries.invalidateQueries({ queryKey: ['alerts'] })
    void queries.invalidateQueries({ queryKey: ['worklist'] })
  })
  useBridgeEvent('alarm-changed', () => void queries.invalidateQueries({ queryKey: alarmsQueryKey }))
  // What was missed while the gateway was away is asked for once it is back.
  useBridgeEvent('gateway', ({ reachable }) => {
    if (reachable) void queries.invalidateQueries()
  })
  return null
}
