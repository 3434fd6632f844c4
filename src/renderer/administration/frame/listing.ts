import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { recordsPerPage } from '../../../shared/api/administration.ts'
import type { IpcAnswer } from '../../../shared/ipc/index.ts'
import { unwrap } from '../../bridge/index.ts'

/** What a screen shows: rows, and how they stand. */
export interface Listing<Row> {
  rows: readonly Row[]
  /** True until the first answer. */
  loading: boolean
  /** The last answer was a failure; rows, if any, are those of the answer before. */
  error: Error | null
  refreshing: boolean
  refresh: () => void
  /** Where there is more than was read. */
  older?: { load: () => void; loading: boolean }
}

/** Every officers' query begins so: an action makes all of them anew. */
export const administrationKey = 'administration'

const none: readonly never[] = []

/** Everything that one call answers, read again every `everyMs`; false: only when somebody asks, where each look is recorded. */
export function useListing<Row>(
  table: string,
  ask: () => Promise<IpcAnswer<Row[]>>,
  everyMs: number | false = 30_000,
): Listing<Row> {
  const query = useQuery({
    queryKey: [administrationKey, table],
    queryFn: () => unwrap(ask()),
    refetchInterval: everyMs,
  })
  return {
    rows: query.data ?? none,
    loading: query.isPending,
    error: query.error,
    refreshing: query.isFetching,
    refresh: () => void query.refetch(),
  }
}

/** Records by descending `seq`, the newest first; older ones on request. A page that is not full is the last. */
export function usePagedListing<Row extends { seq: number }>(
  table: string,
  ask: (page: { before?: number }) => Promise<IpcAnswer<Row[]>>,
): Listing<Row> {
  const query = useInfiniteQuery({
    queryKey: [administrationKey, table],
    queryFn: ({ pageParam }) => unwrap(ask(pageParam === null ? {} : { before: pageParam })),
    initialPageParam: null as number | null,
    getNextPageParam: (page: Row[]) => {
      const oldest = page.reduce((least, row) => Math.min(least, row.seq), Number.POSITIVE_INFINITY)
      return page.length === recordsPerPage && oldest > 1 ? oldest : null
    },
  })
  const rows = useMemo(() => (query.data?.pages.flat() ?? []).toSorted((a, b) => b.seq - a.seq), [query.data])
  return {
    rows,
    loading: query.isPending,
    error: query.error,
    refreshing: query.isRefetching,
    refresh: () => void query.refetch(),
    ...(query.hasNextPage && {
      older: { load: () => void query.fetchNextPage(), loading: query.isFetchingNextPage },
    }),
  }
}
