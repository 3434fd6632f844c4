import { useQuery } from '@tanstack/react-query'
import { unwrap, useBridge } from '../../bridge/index.ts'

/** Below `dictionary`: read anew when main says that something was published. */
export const versionsKey = ['dictionary', 'versions']

/** All versions, the newest first, and which is in force. Others may be writing: asked again every few seconds. */
export function useVersions() {
  const bridge = useBridge()
  return useQuery({
    queryKey: versionsKey,
    queryFn: () => unwrap(bridge.dictionaryVersions()),
    refetchInterval: 10_000,
  })
}

/** One version with its content; of one revision it never changes. Null asks nothing. */
export function useVersionContent(version: string | null, revision: number) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['dictionary-content', version, revision],
    queryFn: () => unwrap(bridge.dictionaryVersion({ version: version ?? '' })),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
