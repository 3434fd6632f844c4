import { useEffect, useMemo, useRef } from 'react'
import { overlaysOf } from '../dicom/overlay.ts'
import { type Shutter, shutterPath, shuttersOf } from '../dicom/shutter.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { Affine } from '../measure/affine.ts'
import { shownImage } from '../measure/view-map.ts'
import type { LayerProps } from '../parts/pane-layers.tsx'
import type { StageImage } from '../stage/cornerstone-image.ts'
import type { StackView } from '../stage/stack-view.ts'
import { useSay } from '../texts/index.ts'
import { AnnotationDrawing } from './annotation-drawing.tsx'
import { usePresentationChoice } from './presentation-choice.ts'
import type { PresentationState } from './presentation-state.ts'
import './objects.css'

interface DrawnOverlay {
  key: number
  kind: 'G' | 'R'
  row: number
  column: number
  rows: number
  columns: number
  bits: Uint8Array
}

function drawnOverlays(
  image: StageImage,
  record: NonNullable<ReturnType<LayerProps['view']['record']>>,
): DrawnOverlay[] {
  return overlaysOf(record.attributes).flatMap((plane) => {
    const bits =
      plane.embeddedBit === null
        ? plane.bits(record.frame)
        : (image.vigil.embedded?.get(plane.embeddedBit) ?? null)
    if (!bits || bits.length < plane.rows * plane.columns) return []
    const { group, kind, row, column, rows, columns } = plane
    return [{ key: group, kind, row, column, rows, columns, bits }]
  })
}

/** On an image as it is shown: shutters, overlays, and what the applied presentation state draws; and what there is to choose. */
export function ImageLayer({ session, view, state }: LayerProps) {
  const { choice, states, applied, overlays } = usePresentationChoice(session)
  const shown = state.phase === 'loaded' ? shownImage(view) : null
  const record = shown ? view.record() : null
  const image = shown?.image
  const planes = useMemo(() => (image && record ? drawnOverlays(image, record) : []), [image, record])
  const own = useMemo(() => (record ? shuttersOf(record.attributes) : []), [record])
  const fitting = useMemo(
    () => (record ? states.filter((one) => one.instances.has(record.instance)) : []),
    [states, record],
  )
  const active = applied && record && applied.instances.has(record.instance) ? applied : null
  useApplied(view, active, record)
  if (!shown || !record || !image) return null
  const look = active?.look(record.instance, record.frame)
  return (
    <>
      <Shutters
        shutters={active && active.shutters.length > 0 ? active.shutters : own}
        toPane={shown.toPane}
      />
      {overlays &&
        planes.map((plane) => <OverlayCanvas key={plane.key} plane={plane} toPane={shown.toPane} />)}
      {look && <AnnotationDrawing annotations={look.annotations} size={image} toPane={shown.toPane} />}
      <Choices
        overlays={planes.length > 0 ? overlays : null}
        states={fitting}
        applied={active?.uid ?? ''}
        onOverlays={choice.showOverlays}
        onApply={choice.apply}
      />
    </>
  )
}

/** Window and turning as the state has them, once for each image; taken back when it is taken off. */
function useApplied(
  view: LayerProps['view'],
  active: PresentationState | null,
  record: ReturnType<LayerProps['view']['record']>,
) {
  const imageId = record?.imageId
  const done = useRef('')
  const given = useRef<PresentationState | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the image and the state, not every record object
  useEffect(() => {
    const key = active && imageId ? `${active.uid} ${imageId}` : ''
    if (key === done.current) return
    const wasApplied = done.current !== ''
    done.current = key
    if (!active || !record) {
      given.current = null
      if (wasApplied && imageId) view.reset()
      return
    }
    const { window, grayscale } = active.look(record.instance, record.frame)
    if (grayscale && view.kind === 'stack') {
      // Asked for once for the whole stack; the window of an image without tables is its own.
      if (given.current !== active) {
        given.current = active
        const of = (one: ImageRecord) => active.look(one.instance, one.frame).grayscale
        ;(view as StackView).setGrayscale({ kind: 'given', of })
      }
    } else if (window) view.setWindow(window.centre, window.width)
    if (active.inverted !== null && active.inverted !== view.state().inverted) view.invert()
    // The state turns first and flips then (PS3.3 C.10.6), a view the other way round.
    const rotation = active.flipped ? (360 - active.rotation) % 360 : active.rotation
    view.present({ rotation, flipHorizontal: active.flipped, flipVertical: false })
  }, [view, active, imageId])
}

const matrix = ({ a, b, c, d, e, f }: Affine) => `matrix(${a} ${b} ${c} ${d} ${e} ${f})`
const everything = 'M-100000 -100000H100000V100000H-100000Z'

function Shutters({ shutters, toPane }: { shutters: readonly Shutter[]; toPane: Affine }) {
  if (shutters.length === 0) return null
  return (
    <svg className="vigil-viewer-objects" aria-hidden="true" data-layer="shutter">
      {shutters.map((shutter) => (
        <path
          key={shutter.kind}
          d={everything + shutterPath(shutter)}
          fillRule="evenodd"
          transform={matrix(toPane)}
        />
      ))}
    </svg>
  )
}

/** Graphics are white as the standard's own displays have them, outlines of regions apart from them. */
const inks = { G: [255, 255, 255], R: [90, 209, 122] } as const

function OverlayCanvas({ plane, toPane }: { plane: DrawnOverlay; toPane: Affine }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const image = new ImageData(plane.columns, plane.rows)
    const [red, green, blue] = inks[plane.kind]
    for (let i = 0; i < plane.rows * plane.columns; i++)
      if (plane.bits[i]) image.data.set([red, green, blue, 255], i * 4)
    context.putImageData(image, 0, 0)
  }, [plane])
  const { a, b, c, d, e, f } = toPane
  const [x, y] = [plane.column - 1, plane.row - 1]
  return (
    <canvas
      ref={canvas}
      className="vigil-viewer-overlay"
      data-layer="overlay"
      width={plane.columns}
      height={plane.rows}
      style={{ transform: `matrix(${a}, ${b}, ${c}, ${d}, ${a * x + c * y + e}, ${b * x + d * y + f})` }}
    />
  )
}

function Choices(props: {
  overlays: boolean | null
  states: readonly PresentationState[]
  applied: string
  onOverlays(shown: boolean): void
  onApply(uid: string | null): void
}) {
  const say = useSay()
  const { overlays, states } = props
  if (overlays === null && states.length === 0) return null
  return (
    <div className="vigil-viewer-choices">
      {overlays !== null && (
        <button
          type="button"
          className="vigil-viewer-button vigil-viewer-button-framed"
          aria-pressed={overlays}
          onClick={() => props.onOverlays(!overlays)}
        >
          {say('objects.overlays')}
        </button>
      )}
      {states.length > 0 && (
        <select
          aria-label={say('objects.states')}
          title={say('objects.states')}
          value={props.applied}
          onChange={(event) => props.onApply(event.target.value || null)}
        >
          <option value="">{say('objects.no-state')}</option>
          {states.map((one) => (
            <option key={one.uid} value={one.uid}>
              {[one.label || say('objects.unnamed'), one.creator].filter(Boolean).join(' · ')}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
