import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import { type SettingsArea, settings, type UserSettings } from '../../shared/settings/index.ts'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { tellOtherWindow } from './other-window.ts'

const key = ['settings']

type Value<A extends SettingsArea> = z.infer<(typeof settings)[A]>

/**
 * How the person works, in one area: the value (as delivered while it is not known), a function that changes it, here at once and
 * on the gateway, and whether it is known, or known to be out of reach. The promise rejects where the gateway did not keep it; it holds here all the same. While
 * the gateway has not said what the person has nothing is changed at all: as delivered with one change would take the place of
 * everything else.
 */
export function useSetting<A extends SettingsArea>(
  area: A,
): [Value<A>, (value: Value<A> | null) => Promise<void>, { known: boolean }] {
  const bridge = useBridge()
  const queries = useQueryClient()
  const kept = usePermission('settings.own')
  const { data, isFetched } = useQuery({
    queryKey: key,
    queryFn: async () => (await unwrap(bridge.settingsRead())).settings,
    enabled: kept,
    staleTime: Number.POSITIVE_INFINITY,
    // Every button with a key's hint asks: what failed is asked for again when the gateway is back, not by each of them.
    retryOnMount: false,
  })
  const stored = data?.[area]
  const value = useMemo(() => (stored ?? settings[area].parse({})) as Value<A>, [stored, area])
  const change = useCallback(
    async (next: Value<A> | null) => {
      if (kept && queries.getQueryData(key) === undefined) {
        await queries.refetchQueries({ queryKey: key }, { throwOnError: true })
        throw new VigilError('conflict')
      }
      // A reading that is still under way would bring back what was before.
      if (queries.isFetching({ queryKey: key }) > 0) await queries.cancelQueries({ queryKey: key })
      queries.setQueryData<UserSettings>(key, (all) => ({ ...all, [area]: next ?? undefined }))
      if (!kept) return
      // One after another: the last is what stays.
      const saving = queries.getMutationCache().build(queries, {
        scope: { id: 'settings' },
        mutationFn: () => unwrap(bridge.settingsSave({ area, value: next })),
      })
      await saving.execute(undefined)
      tellOtherWindow()
    },
    [bridge, queries, area, kept],
  )
  return [value, change, { known: !kept || isFetched }]
}
