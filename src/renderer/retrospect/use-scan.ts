import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'

/** One part of a long answer. */
export interface Part<Row> {
  rows: Row[]
  scanned: number
  total: number
  cursor: string | null
  damaged: number
}

/** The most that a screen holds; who needs more narrows the question. */
const mostRows = 2_000

/** A question that the gateway answers in parts: asked on until all is looked at, it is stopped, or there is enough. */
export function useScan<Row>(
  key: readonly unknown[] | null,
  ask: (cursor: string | undefined) => Promise<Part<Row>>,
) {
  const [stopped, setStopped] = useState<unknown>(null)
  const identity = JSON.stringify(key)
  const query = useInfiniteQuery({
    queryKey: ['retrospect', ...(key ?? [])],
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (part: Part<Row>) => part.cursor,
    enabled: key !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((part) => part.rows) ?? [], [query.data])
  const last = query.data?.pages.at(-1)
  const isStopped = stopped === identity
  const full = rows.length >= mostRows
  const more = query.hasNextPage && !isStopped && !full && !query.isError
  const { fetchNextPage, isFetching } = query
  useEffect(() => {
    if (more && !isFetching) void fetchNextPage()
  }, [more, isFetching, fetchNextPage])
  return {
    rows,
    asked: key !== null,
    running: key !== null && (query.isPending || more) && !query.isError,
    scanned: last?.scanned ?? 0,
    total: last?.total ?? 0,
    damaged: query.data?.pages.reduce((sum, part) => sum + part.damaged, 0) ?? 0,
    full,
    error: query.error,
    stopped: isStopped,
    stop: () => setStopped(identity),
    again: () => {
      setStopped(null)
      void query.refetch()
    },
  }
}

export type Scan<Row> = ReturnType<typeof useScan<Row>>
