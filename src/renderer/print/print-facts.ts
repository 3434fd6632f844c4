import { useQueries, useQuery } from '@tanstack/react-query'
import type { ShownReport } from '../../shared/report/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { digestsOf } from './digests.ts'
import { keyImageQuery, pngUrl } from './key-image-query.ts'

/** Everything that a printed version shows beside its own text. */
export function usePrintFacts(study: string, report: ShownReport) {
  const bridge = useBridge()
  const opened = useQuery({
    queryKey: ['study', study],
    queryFn: () => unwrap(bridge.studyOpen({ study })),
    staleTime: Number.POSITIVE_INFINITY,
    // The reading room's own: who opens the exam again asks anew.
    gcTime: 0,
  })
  const letterhead = useQuery({
    queryKey: ['letterhead'],
    queryFn: () => unwrap(bridge.reportLetterhead()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const digests = useQuery({
    queryKey: ['report-digests', report.signature],
    queryFn: () => digestsOf(report),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const images = useQueries({
    queries: (report.document.keyImages ?? []).map(({ id }) => keyImageQuery(bridge, study, id)),
  })
  const all = [opened, letterhead, digests, ...images]
  const failed = all.find(({ isError }) => isError)
  const ready =
    opened.data && letterhead.data && digests.data && images.every(({ data }) => data !== undefined)
      ? {
          opened: opened.data,
          letterhead: letterhead.data,
          digests: digests.data,
          images: images.map(({ data }) => pngUrl(data ?? '')),
        }
      : null
  return {
    ready,
    failed: failed?.error ?? null,
    retry: () => {
      for (const each of all) if (each.isError) void each.refetch()
    },
  }
}

export type PrintFacts = NonNullable<ReturnType<typeof usePrintFacts>['ready']>
