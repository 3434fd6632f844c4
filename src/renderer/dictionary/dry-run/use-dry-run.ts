import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DryRun } from '../../../shared/api/dictionary.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { versionsKey } from '../versions/version-queries.ts'

/** Below `dictionary`, as the versions are. */
const dryRunKey = ['dictionary', 'dry-run']

/** The last dry run of the draft, followed while it runs; null where there was none. */
export function useDryRun() {
  const bridge = useBridge()
  const queries = useQueryClient()
  const last = useQuery<DryRun | null>({
    queryKey: dryRunKey,
    queryFn: async () => {
      try {
        const run = await unwrap(bridge.dictionaryDryRun())
        // Done: the draft is `tested` now.
        const before = queries.getQueryData<DryRun | null>(dryRunKey)
        if (before?.state === 'running' && run.state !== 'running') {
          void queries.invalidateQueries({ queryKey: versionsKey })
        }
        return run
      } catch (thrown) {
        if (failureOf(thrown).code === 'not-found') return null
        throw thrown
      }
    },
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 700 : false),
  })
  const begin = useMutation({
    mutationFn: (args: { revision: number; months: number }) => unwrap(bridge.dictionaryBeginDryRun(args)),
    onSuccess: (run) => {
      queries.setQueryData(dryRunKey, run)
      if (run.state !== 'running') void queries.invalidateQueries({ queryKey: versionsKey })
    },
    onError: () => void queries.invalidateQueries({ queryKey: versionsKey }),
  })
  return { last, begin }
}
