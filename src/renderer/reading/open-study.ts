import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Bridge } from '../../shared/ipc/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

/** The study that a room shows; asked for anew each time that one is opened. */
export const studyQuery = (bridge: Bridge, study: string) => ({
  queryKey: ['study', study],
  queryFn: () => unwrap(bridge.studyOpen({ study })),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
})

/** Opens a study: it is asked for at the click itself, while the room is still being drawn. */
export function useOpenStudy<More extends unknown[]>(
  onStudy: (study: string | null, ...more: More) => void,
): (study: string | null, ...more: More) => void {
  const bridge = useBridge()
  const queries = useQueryClient()
  return (study, ...more) => {
    // A failure is the room's to show, which asks again.
    if (study !== null) void queries.prefetchQuery(studyQuery(bridge, study))
    onStudy(study, ...more)
  }
}

/** Drawing the report costs as much time as drawing the first image; it waits so long for that. */
const afterMs = 150
const atLatestMs = 600

/** Turns true a moment after the study has come, or after a while without it: the first image goes before the rest of the room. */
export function useAfterFirstImage(come: boolean): boolean {
  const [due, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), come ? afterMs : atLatestMs)
    return () => clearTimeout(timer)
  }, [come])
  return due
}
