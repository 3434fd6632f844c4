import { useQuery } from '@tanstack/react-query'
import { unwrap, useBridge } from '../../bridge/index.ts'

/** The patient's other exams, the likeliest comparison first. */
export function usePriors(study: string) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['priors', study],
    queryFn: async () => (await unwrap(bridge.studyPriors({ study }))).priors,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}

/** The newest signed version of another exam's report; null where there is none. */
export function usePriorReport(study: string | null) {
  const bridge = useBridge()
  return useQuery({
    queryKey: ['prior-report', study],
    queryFn: async () => {
      const { versions } = await unwrap(bridge.reportOpen({ study: study ?? '' }))
      return versions.toSorted((a, b) => b.document.version - a.document.version)[0] ?? null
    },
    enabled: study !== null,
    staleTime: 60_000,
  })
}
