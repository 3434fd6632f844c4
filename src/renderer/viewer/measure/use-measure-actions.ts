import { useCallback, useState } from 'react'
import type { Measurement } from '../../../shared/measurement/index.ts'
import { captureCanvas, capturePane } from '../capture/capture-pane.ts'
import { text } from '../dicom/attributes.ts'
import type { ImageView } from '../stage/image-view.ts'
import { type Say, useSay } from '../texts/index.ts'
import type { VolumeView } from '../volume/volume-view.ts'
import type { StoreRequest } from './host.ts'
import { layOut } from './layout.ts'
import { currentScale, measuredRecord, priorDateOf, useMeasured, useMeasuring } from './measure-scope.tsx'
import { presentedImages } from './presented.ts'
import { sentenceOf } from './report-text.ts'
import { instanceNumber } from './scale.ts'
import { shownImage } from './view-map.ts'

/** How the last thing that was sent to the host went. */
export type Outcome = 'storing' | 'stored' | 'store-failed' | 'key-image.done' | 'key-image.failed' | null

export interface MeasureActions {
  outcome: Outcome
  /** The outcome has been seen. */
  settle(): void
  /** Of the selected, else the last measured. */
  current(): Measurement | null
  remove(): boolean
  /** False where the host takes no text or there is nothing to insert. */
  insert(list?: readonly Measurement[]): boolean
  /** Whether the host takes key images. */
  takesKeyImages: boolean
  keyImage(): boolean
  store(as: StoreRequest['as']): Promise<void>
}

/** What is done with measurements beside drawing them. `view` is the active pane's. */
export function useMeasureActions(view: ImageView | null): MeasureActions {
  const say = useSay()
  const { session, store, host } = useMeasuring()
  const { present, selected, offsets } = useMeasured()
  const [outcome, setOutcome] = useState<Outcome>(null)
  const settle = useCallback(() => setOutcome(null), [])
  const list = present.measurements

  const current = () => list.find(({ id }) => id === selected) ?? list.at(-1) ?? null

  const sentence = (one: Measurement) => {
    const record = measuredRecord(session, one)
    if (!record) return ''
    return sentenceOf(
      one,
      {
        modality: record.modality,
        source: currentScale(store, record).source,
        prior: priorDateOf(session, record),
        place: { series: text(record.attributes, '00200011') || '—', image: instanceNumber(record) ?? '—' },
      },
      say,
    )
  }

  const keyImage = async () => {
    if (!host.onKeyImage || !view) return
    const record = view.record()
    if (!record) return
    const { edges } = view.state()
    const shown = shownImage(view)
    // A plane through a volume has none: what was measured on a slice that it is cut from is not on it.
    const here = shown
      ? list.filter(
          ({ series, instance, frame }) =>
            series === record.series && instance === record.instance && frame === record.frame,
        )
      : []
    try {
      let captured: Awaited<ReturnType<typeof capturePane>>
      if (shown) {
        const { clientWidth: width, clientHeight: height } = shown.view.viewport.element
        const laid = layOut(here, {
          toPane: shown.toPane,
          pane: { width, height },
          source: currentScale(store, record).source,
          offsets,
          say,
        })
        captured = await capturePane(shown, laid, edges)
      } else {
        const pane =
          document.querySelector('.vigil-viewer-pane[data-active="true"]') ??
          document.querySelector('.vigil-viewer-pane:not([data-covered="true"])')
        const canvas =
          pane?.querySelector<HTMLCanvasElement>('canvas.vigil-viewer-volume') ??
          pane?.querySelector('canvas')
        if (view.kind !== 'volume' || !canvas) return
        captured = await captureCanvas(canvas, edges)
      }
      const { study, series, instance, frame } = record
      // The values of all stand in the picture; in words only that of the one that was taken last.
      const said = here.find(({ id }) => id === selected) ?? here.at(-1)
      const caption = (shown ? (said ? sentence(said) : '') : planeText(view, say)).slice(0, 100)
      await host.onKeyImage({ study, series, instance, frame, caption, ...captured })
      setOutcome('key-image.done')
    } catch {
      setOutcome('key-image.failed')
    }
  }

  return {
    outcome,
    settle,
    current,
    remove() {
      if (!selected) return false
      store.remove([selected])
      return true
    },
    insert(of) {
      const one = current()
      const chosen = of ?? (one ? [one] : [])
      const said = chosen.map(sentence).filter(Boolean)
      if (!host.onInsertText || said.length === 0) return false
      host.onInsertText(said.join(say('sentence.joint')))
      return true
    },
    takesKeyImages: host.onKeyImage !== undefined,
    keyImage() {
      if (!host.onKeyImage || !view) return false
      void keyImage()
      return true
    },
    async store(as) {
      const { onStoreMeasurements } = host
      if (!onStoreMeasurements) return
      setOutcome('storing')
      try {
        // What was measured on a prior is kept with the prior.
        for (const study of session.studies) {
          const uid = study.studyInstanceUid
          const own = list.filter((one) => measuredRecord(session, one)?.study === uid)
          if (own.length === 0) continue
          const images = presentedImages(session, own, view)
          await onStoreMeasurements({ study: uid, as, label: '', measurements: own, images })
        }
        setOutcome('stored')
      } catch {
        setOutcome('store-failed')
      }
    },
  }
}

/** What plane, and of how thick a slab, a picture cut from a volume is. */
function planeText(view: ImageView, say: Say): string {
  if (view.kind !== 'volume') return ''
  const { axis, slab } = (view as VolumeView).state()
  const thick =
    slab.thickness > 0 ? `${say(`volume.${slab.projection}`)} ${Math.round(slab.thickness)} mm` : ''
  return [say(`volume.${axis}`), thick].filter(Boolean).join(' ')
}
