import { createContext, type ReactNode, useContext, useEffect, useEffectEvent } from 'react'
import type { WorklistFilter, WorklistRow } from '../../shared/worklist/index.ts'
import { inReadingOrder, nextToReport } from './reading-order.ts'
import { useWorklist } from './worklist-query.ts'

/** The exam to report after the open one; `row` is null where none waits. */
export interface NextCase {
  row: WorklistRow | null
  open: () => void
}

const Context = createContext<NextCase | null>(null)

/** Null where the area has no queue of reports. */
export function useNextCase(): NextCase | null {
  return useContext(Context)
}

interface NextCaseProviderProps {
  study: string
  /** The worklist's own filter goes on: who reads CT is not given an ultrasound. Empty for all. */
  filter: WorklistFilter
  onOpen: (study: string) => void
  children: ReactNode
}

/** Knows which exam comes next while one is open, and goes there by Alt+→. */
export function NextCaseProvider({ study, filter, onOpen, children }: NextCaseProviderProps) {
  const queue = useWorklist({ ...filter, search: undefined, status: 'to-report' })
  const row = nextToReport(inReadingOrder(queue.data?.rows ?? []), study)
  const open = () => row?.studyInstanceUid && onOpen(row.studyInstanceUid)
  const openByKey = useEffectEvent(open)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.key !== 'ArrowRight') return
      // A dialog over the room keeps the room, unless it offers the next exam itself.
      if (document.querySelector('[role=dialog]')) return
      event.preventDefault()
      openByKey()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return <Context value={{ row, open }}>{children}</Context>
}
