import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { AuditQuery } from '../../../../shared/api/audit.ts'
import type { AuditRow } from '../../../../shared/audit/index.ts'
import { unwrap, useBridge } from '../../../bridge/index.ts'

/** Records page by page. Every page is a look that the gateway records, so none is read again unasked. */
export interface AuditSearch {
  rows: readonly AuditRow[]
  loading: boolean
  error: Error | null
  /** There are more than were read. */
  more: boolean
  loadingMore: boolean
  loadMore: () => void
  refresh: () => void
}

/** `upTo`: the first page begins at this record. Null asks for nothing. */
export function useAuditSearch(query: AuditQuery | null, upTo: number | null = null): AuditSearch {
  const bridge = useBridge()
  const queries = useQueryClient()
  // Not below the officers' key: an action somewhere else is no reason to look again.
  const queryKey = ['audit-search', query, upTo]
  const search = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      unwrap(
        bridge.auditSearch({ ...(query as AuditQuery), ...(pageParam !== null && { after: pageParam }) }),
      ),
    enabled: query !== null,
    initialPageParam: upTo === null ? null : upTo + 1,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const rows = useMemo(() => search.data?.pages.flatMap((page) => page.rows) ?? [], [search.data])
  const loadMore = () => {
    if (search.hasNextPage && !search.isFetching) void search.fetchNextPage()
  }
  // A page may hold nothing that fits, and yet not be the last.
  const goesOn = search.data?.pages.at(-1)?.rows.length === 0 && search.hasNextPage && !search.isFetching
  const { fetchNextPage } = search
  useEffect(() => {
    if (goesOn && !search.isFetchNextPageError) void fetchNextPage()
  }, [goesOn, search.isFetchNextPageError, fetchNextPage])
  return {
    rows,
    loading: search.isFetching && !search.isFetchingNextPage && rows.length === 0,
    error: search.error,
    more: search.hasNextPage,
    loadingMore: search.isFetchingNextPage,
    loadMore,
    refresh: () => void queries.resetQueries({ queryKey, exact: true }),
  }
}
