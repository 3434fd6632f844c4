import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { z } from 'zod'
import { type SettingsArea, settings, type UserSettings } from '../../shared/settings/index.ts'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

type Value<A extends SettingsArea> = z.infer<(typeof settings)[A]>

/**
 * How the person works, in one area: the value (as delivered while it is not known), a function that changes it, here at once and
 * on the gateway, and whether it is known. The promise rejects where the gateway did not keep it; it holds here all the same.
 */
export function useSetting<A extends SettingsArea>(
  area: A,
): [Value<A>, (value: Value<A> | null) => Promise<void>, { known: boolean }] {
  const bridge = useBridge()
  const queries = useQueryClient()
  const kept = usePermission('settings.own')
  const { data, isPending } = useQuery({
    queryKey: ['settings'],
    queryFn: async () => (await unwrap(bridge.settingsRead())).settings,
    enabled: kept,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const stored = data?.[area]
  const value = useMemo(() => (stored ?? settings[area].parse({})) as Value<A>, [stored, area])
  const change = useCallback(
    async (next: Value<A> | null) => {
      queries.setQueryData<UserSettings>(['settings'], (all) => ({ ...all, [area]: next ?? undefined }))
      if (kept) await unwrap(bridge.settingsSave({ area, value: next }))
    },
    [bridge, queries, area, kept],
  )
  return [value, change, { known: !kept || !isPending }]
}
