import { createContext, type ReactNode, use, useMemo, useState, useSyncExternalStore } from 'react'
import type { Measurement } from '../../../shared/measurement/index.ts'
import { displayDate } from '../display/person.ts'
import { type ImageRecord, imageIdOf } from '../load/image-record.ts'
import type { ViewerSession } from '../session.ts'
import type { MeasureHost } from './host.ts'
import type { MeasureState, MeasureStore } from './measure-store.ts'
import { calibrationKey, type ImageScale, scaleOf } from './scale.ts'

/** What measuring shares in one viewer. */
export interface Measuring {
  session: ViewerSession
  store: MeasureStore
  host: MeasureHost
  newId(): string
  listOpen: boolean
  setListOpen(open: boolean): void
}

const Context = createContext<Measuring | null>(null)

/** Gives a viewer its measurements; the store is the host's, so that they outlive the viewer. */
export function MeasureScope(props: {
  session: ViewerSession
  store: MeasureStore
  host: MeasureHost
  children: ReactNode
}) {
  const { session, store, host } = props
  const [listOpen, setListOpen] = useState(false)
  const value = useMemo(
    () => ({ session, store, host, newId: () => crypto.randomUUID(), listOpen, setListOpen }),
    [session, store, host, listOpen],
  )
  return <Context value={value}>{props.children}</Context>
}

export function useMeasuring(): Measuring {
  const measuring = use(Context)
  if (!measuring) throw new Error('MeasureScope is missing above this component')
  return measuring
}

export function useMeasured(): MeasureState {
  const { store } = useMeasuring()
  return useSyncExternalStore(store.subscribe, store.state)
}

/** The image that was measured; undefined while its series' attributes have not come. */
export const measuredRecord = (session: ViewerSession, { series, instance, frame }: Measurement) =>
  session.engine.record(imageIdOf(series, instance, frame))

/** The scale that holds for an image now. */
export const currentScale = (store: MeasureStore, record: ImageRecord): ImageScale =>
  scaleOf(record, store.state().present.calibrations[calibrationKey(record)])

/** The date of the prior exam that an image is of; null for the exam itself. */
export function priorDateOf(session: ViewerSession, record: ImageRecord): string | null {
  if (record.study === session.study.studyInstanceUid) return null
  return displayDate(session.studyOf(record).studyDate) || '—'
}
