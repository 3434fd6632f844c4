import { useAction } from '../../keys/keys-provider.tsx'
import type { LayerProps } from '../parts/pane-layers.tsx'
import { type Say, useSay } from '../texts/index.ts'
import type { Axis } from './plane-grid.ts'
import { useVolumePointer } from './pointer.ts'
import type { Projection, Slab } from './reslice.ts'
import { thickest, type VolumeState, type VolumeView } from './volume-view.ts'
import './volume.css'

/** Colours of the planes, as every workstation has them: each line is the plane of its own colour. */
const colours: Record<Axis, string> = { axial: '#ff6b6b', coronal: '#5ad17a', sagittal: '#6aa8ff' }
/** Which planes the upright and the level line are. */
const lines: Record<Axis, readonly [upright: Axis, level: Axis]> = {
  axial: ['sagittal', 'coronal'],
  coronal: ['sagittal', 'axial'],
  sagittal: ['coronal', 'axial'],
}
const projections: Projection[] = ['max', 'min', 'mean']

const nextOf = (slab: Slab): Partial<Slab> => {
  if (slab.thickness === 0) return { projection: 'max', thickness: 10 }
  const next = projections[projections.indexOf(slab.projection) + 1]
  return next ? { projection: next } : { thickness: 0 }
}

/** Over a plane through a volume: where the planes cross, what plane and slab it is, and what the series lacks. */
export function VolumeLayer(props: LayerProps) {
  const view = props.view.kind === 'volume' ? (props.view as VolumeView) : null
  useVolumePointer(view, props.tool, props.canvas)
  const enabled = props.active && view !== null
  const slab = view?.state().slab
  useAction('volume.thicker', () => view?.setSlab({ thickness: (slab?.thickness ?? 0) + 2 }), enabled)
  useAction('volume.thinner', () => view?.setSlab({ thickness: (slab?.thickness ?? 0) - 2 }), enabled)
  useAction('volume.projection', () => slab && view?.setSlab(nextOf(slab)), enabled)
  if (!view || props.state.phase !== 'loaded') return null
  const state = view.state()
  return (
    <>
      <CrossLines view={view} state={state} />
      <SlabControl view={view} state={state} />
    </>
  )
}

function CrossLines({ view, state }: { view: VolumeView; state: VolumeState }) {
  const cross = view.toCanvas(view.volume.cursor())
  if (!cross) return null
  const [x, y] = cross
  const turned = (view.presentation()?.rotation ?? 0) % 180 !== 0
  const [upright, level] = turned ? lines[state.axis].toReversed() : lines[state.axis]
  const gap = 14
  return (
    <svg className="vigil-viewer-cross" aria-hidden="true">
      <g stroke={colours[upright as Axis]}>
        <line x1={x} x2={x} y1={0} y2={Math.max(0, y - gap)} />
        <line x1={x} x2={x} y1={y + gap} y2="100%" />
      </g>
      <g stroke={colours[level as Axis]}>
        <line y1={y} y2={y} x1={0} x2={Math.max(0, x - gap)} />
        <line y1={y} y2={y} x1={x + gap} x2="100%" />
      </g>
    </svg>
  )
}

/** What the series says against itself; empty where it is whole and straight. */
function warnings({ geometry }: VolumeView['volume'], { progress }: VolumeState, say: Say): string[] {
  const places = geometry.missing.slice(0, 4).map((at) => at.toFixed(1))
  const more = geometry.missing.length > places.length ? '…' : ''
  return [
    progress.failed > 0 && say('volume.failed', { n: progress.failed }),
    progress.loaded + progress.failed < progress.total &&
      say('volume.coming', { n: progress.loaded, m: progress.total }),
    places.length > 0 &&
      say('volume.missing', { n: geometry.missing.length, places: places.join(' / ') + more }),
    geometry.irregular && say('volume.irregular'),
    geometry.tilt > 1 && say('volume.tilt', { n: geometry.tilt.toFixed(1) }),
  ].filter((one) => one !== false)
}

function SlabControl({ view, state }: { view: VolumeView; state: VolumeState }) {
  const say = useSay()
  const { slab } = state
  const isSlab = slab.thickness > 0
  return (
    <div className="vigil-viewer-slab" data-axis={state.axis}>
      <strong style={{ color: colours[state.axis] }}>{say(`volume.${state.axis}`)}</strong>
      <select
        aria-label={say('volume.projection')}
        title={say('volume.projection.hint')}
        value={isSlab ? slab.projection : 'off'}
        onChange={(event) => {
          const { value } = event.target
          if (value === 'off') view.setSlab({ thickness: 0 })
          else view.setSlab({ projection: value as Projection, thickness: slab.thickness || 10 })
        }}
      >
        <option value="off">{say('volume.single')}</option>
        {projections.map((one) => (
          <option key={one} value={one}>
            {say(`volume.${one}`)}
          </option>
        ))}
      </select>
      {isSlab && (
        <label>
          <input
            type="number"
            min={0}
            max={thickest}
            step={1}
            aria-label={say('volume.thickness')}
            title={say('volume.thickness.hint')}
            value={Math.round(slab.thickness)}
            onChange={(event) => view.setSlab({ thickness: Number(event.target.value) || 0 })}
          />
          mm
        </label>
      )}
      {warnings(view.volume, state, say).map((one) => (
        <span key={one} className="vigil-viewer-lacking">
          {one}
        </span>
      ))}
    </div>
  )
}
