import { useEffect } from 'react'
import type { LayerProps } from '../parts/pane-layers.tsx'
import { useSay } from '../texts/index.ts'
import { AskForm } from './ask-form.tsx'
import { placesShown } from './draft.ts'
import { pointsFrom } from './figure.ts'
import { Figure } from './figure-drawing.tsx'
import { Label } from './label.tsx'
import { scaleNote } from './label-text.ts'
import { type LaidOut, layOut } from './layout.ts'
import { currentScale, useMeasured, useMeasuring } from './measure-scope.tsx'
import { measured } from './measured.ts'
import { figureOf } from './tools.ts'
import { useDrawing } from './use-drawing.ts'
import { shownImage } from './view-map.ts'
import './measure.css'

/** Measurements over a pane's image: drawn, drawn anew with every move of the image, taken hold of. */
export function MeasureLayer({ view, active, tool, frame, canvas }: LayerProps) {
  const say = useSay()
  const { session, store } = useMeasuring()
  const { present, selected, offsets } = useMeasured()
  const shown = shownImage(view)
  const record = shown && session.engine.record(shown.image.imageId)
  const list = record
    ? present.measurements.filter(
        (one) =>
          one.series === record.series && one.instance === record.instance && one.frame === record.frame,
      )
    : []
  const drawing = useDrawing({ frame, surface: canvas, tool, list, shown: () => shownImage(view) })
  const { draft, moving, hovered, asking, ask } = drawing

  // A line of known length or a text that is asked for belongs to its image.
  const imageId = shown?.image.imageId
  useEffect(() => {
    if (imageId) ask(null)
  }, [imageId, ask])

  if (view.kind === 'volume' && figureOf(tool))
    return active && <p className="vigil-measure-note">{say('measure.not-here')}</p>
  if (!shown || !record || !canvas.current) return null
  const scale = currentScale(store, record)
  const pane = { width: canvas.current.clientWidth, height: canvas.current.clientHeight }
  const drawn = draft && draft.imageId === shown.image.imageId && placesShown(draft)
  const base = { series: record.series, instance: record.instance, frame: record.frame, label: '' }
  const beingDrawn = drawn
    ? [
        {
          ...base,
          id: 'draft',
          kind: draft.kind,
          points: pointsFrom(draft.kind, drawn, scale),
          values: [],
          calibrated: false,
        },
      ]
    : []
  const whole = beingDrawn.map((one) =>
    one.kind === 'calibrate' || !enough(one)
      ? one
      : measured({ ...one, kind: one.kind }, shown.image, record, scale),
  )
  const asked = asking && !asking.kept ? [asking.draft] : []
  const laid = layOut([...list.map((one) => (one.id === moving?.id ? moving : one)), ...asked, ...whole], {
    toPane: shown.toPane,
    pane,
    source: scale.source,
    offsets,
    say,
  })
  const stateOf = ({ id }: LaidOut) =>
    id === 'draft' || id === asking?.draft.id
      ? 'drawn'
      : id === selected
        ? 'selected'
        : id === hovered
          ? 'hovered'
          : 'kept'
  const form = asking && laid.find(({ id }) => id === asking.draft.id)
  const note = scale.source === 'person' || scale.source === 'modality' ? scaleNote(scale.source, say) : null

  return (
    <>
      <svg className="vigil-measure" data-testid="measurements" aria-hidden="true">
        {laid.map((one) => (
          <Figure key={one.id} figure={one} state={stateOf(one)} />
        ))}
      </svg>
      {laid.map(
        (one) =>
          one.label && (
            <Label
              key={one.id}
              id={one.id}
              lines={one.label.lines}
              box={one.label.box}
              offset={offsets[one.id] ?? null}
              state={stateOf(one)}
            />
          ),
      )}
      {note && <p className="vigil-measure-note">{note}</p>}
      {form && asking && (
        <AskForm
          asking={asking}
          at={form.handles.at(-1) ?? [pane.width / 2, pane.height / 2]}
          pane={pane}
          scale={scale}
          onDone={() => ask(null)}
        />
      )}
    </>
  )
}

const least = {
  length: 2,
  bidirectional: 4,
  angle: 3,
  cobb: 4,
  ellipse: 4,
  rectangle: 2,
  probe: 1,
  arrow: 2,
  text: 1,
}

const enough = ({ kind, points }: { kind: keyof typeof least | 'calibrate'; points: readonly unknown[] }) =>
  kind === 'calibrate' || points.length >= least[kind]
