import { useEffect, useState } from 'react'
import type { Measurement } from '../../../shared/measurement/index.ts'
import { text } from '../dicom/attributes.ts'
import { useMeasured, useMeasuring } from '../measure/measure-scope.tsx'
import type { ViewerSession } from '../session.ts'
import { useSay } from '../texts/index.ts'
import { contentTree, standing } from './content-tree.ts'
import { reportMeasurements } from './report-measurements.ts'
import { findImage } from './show-image.ts'
import './objects.css'

interface Saved {
  measurements: Measurement[]
  by: string
  at: string
}

/** The same figure on the same image, whoever keeps it. */
const figureOf = ({ kind, instance, frame, points }: Measurement) =>
  [kind, instance, frame, ...points.flat().map((one) => one.toFixed(2))].join(' ')

/** What structured reports of the open studies measure on their images: the latest document first. */
function useSaved(session: ViewerSession): Saved[] {
  const [saved, setSaved] = useState<Saved[]>([])
  const { sets } = session
  useEffect(() => {
    let over = false
    const reports = sets.filter(({ kind, series }) => kind === 'objects' && series.modality === 'SR')
    Promise.all(reports.map((set) => session.attributes(set).catch(() => []))).then((found) => {
      if (over) return
      const read = found.flat().map((attributes) => {
        const measurements = reportMeasurements(
          contentTree(attributes),
          text(attributes, '00080018'),
          (instance) => findImage({ sets }, instance, 1)?.series,
        )
        const { by, at } = standing(attributes)
        return { measurements, by: by.replaceAll('^', ' ').trim(), at }
      })
      setSaved(
        read.filter(({ measurements }) => measurements.length > 0).toSorted((a, b) => (a.at < b.at ? 1 : -1)),
      )
    })
    return () => {
      over = true
    }
  }, [session, sets])
  return saved
}

/**
 * Offers what was measured and stored before. It is not drawn by itself: a reader looks at the images first, and nothing shall lie over
 * them that was not asked for. What is shown already, or was measured here, is not offered twice.
 */
export function SavedMeasurements({ session }: { session: ViewerSession }) {
  const say = useSay()
  const { store } = useMeasuring()
  const { present } = useMeasured()
  const saved = useSaved(session)
  const [dismissed, setDismissed] = useState(false)
  const known = new Set(present.measurements.map(figureOf))
  const offered: Measurement[] = []
  for (const one of saved.flatMap(({ measurements }) => measurements)) {
    const figure = figureOf(one)
    if (!known.has(figure)) offered.push(one)
    known.add(figure)
  }
  const [latest] = saved
  if (dismissed || !latest || offered.length === 0) return null
  return (
    <div className="vigil-viewer-saved" role="status">
      <button
        type="button"
        className="vigil-viewer-button vigil-viewer-button-framed"
        data-testid="saved-measurements"
        onClick={() => store.show(offered)}
      >
        {say('objects.saved', { n: offered.length })}
      </button>
      <span>{[latest.by, latest.at].filter(Boolean).join('  ')}</span>
      <button
        type="button"
        className="vigil-viewer-button"
        aria-label={say('objects.saved.dismiss')}
        title={say('objects.saved.dismiss')}
        onClick={() => setDismissed(true)}
      >
        ×
      </button>
    </div>
  )
}
