import { isInverted } from '../dicom/pixel-description.ts'
import type { Triple } from '../dicom/plane.ts'
import { windowBetween } from '../dicom/voi.ts'
import { edgeLetters } from '../display/orientation.ts'
import type { OpenSet, ViewerSession } from '../session.ts'
import type { ImageView, Presentation, ViewPlace, ViewState } from '../stage/image-view.ts'
import { grayLevels } from './gray-levels.ts'
import { fitScale, fitted, placed, placement, unplaced } from './placement.ts'
import { type Axis, type PlaneGrid, placeOf, planeGrid, pointAt } from './plane-grid.ts'
import { reslice, type Slab, samplesOf } from './reslice.ts'
import { openVolume, type Volume } from './volume.ts'

/** What a plane through a volume shows beside what every view does. */
export interface VolumeState extends ViewState {
  axis: Axis
  slab: Slab
  /** How many slices have come, failed and there are. */
  progress: ReturnType<Volume['progress']>
  /** Rises with every picture that was drawn, so that what lies over it follows. */
  drawn: number
}

/** One pane's plane through a volume, or slab of it projected. */
export interface VolumeView extends ImageView {
  readonly kind: 'volume'
  readonly volume: Volume
  readonly grid: PlaneGrid
  state(): VolumeState
  setSlab(change: Partial<Slab>): void
  /** Moves the point where the planes cross to a place on this picture (CSS pixels of the pane). */
  pick(x: number, y: number): void
  pan(by: readonly [number, number]): void
}

const frameMs = 80
const axisOf = {
  'mpr-axial': 'axial',
  'mpr-coronal': 'coronal',
  'mpr-sagittal': 'sagittal',
  mip: 'axial',
} as const
export type VolumeKind = keyof typeof axisOf

/** A slab of a projection to begin with, in mm: what vessels and nodules are looked for in. */
const mipThickness = 10
export const thickest = 200

/** A slab on the move is cut from so many samples, and whole when it has been still so long. */
const coarseSamples = 4
const stillMs = 150

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))

/** @throws ImageProblem `volume-impossible` where the series is no volume */
export function createVolumeView(
  as: VolumeKind,
  deps: {
    session: ViewerSession
    open: OpenSet
    pane: string
    element: HTMLDivElement
    start?: Partial<ViewPlace> | undefined
  },
): VolumeView {
  const { session, open, pane, element, start } = deps
  const volume = openVolume(session, open)
  const { geometry } = volume
  const axis = axisOf[as]
  const grid = planeGrid(geometry, axis)
  const source = () => volume.records[geometry.slices.length >> 1] ?? null
  const voi = source()?.voiFunction ?? 'LINEAR'
  const exact = voi === 'LINEAR_EXACT'
  const canvas = document.createElement('canvas')
  canvas.className = 'vigil-viewer-volume'
  const picture = document.createElement('canvas')
  element.replaceChildren(canvas)

  const listeners = new Set<() => void>()
  let closed = false
  let cine = 0
  let frame = 0
  let values: Float32Array | null = null
  /** What the values were cut for. */
  let cut = ''
  let levels = ''
  let presentation: Presentation = start?.presentation ?? fitted
  const own = source()?.windows[0]
  let chosen = start?.window ?? (own ? { centre: own.centre, width: own.width } : null)
  const begun = isInverted(source()?.attributes ?? {})

  const first = clamp(start?.index ?? grid.count >> 1, 0, grid.count - 1)
  let state: VolumeState = {
    phase: 'loading',
    index: first,
    count: grid.count,
    problem: null,
    window: chosen,
    inverted: begun !== (start?.inverted ?? false),
    zoom: null,
    edges: null,
    playing: false,
    axis,
    slab: { projection: 'max', thickness: as === 'mip' ? mipThickness : 0 },
    progress: volume.progress(),
    drawn: 0,
  }
  const window_ = () => chosen ?? windowBetween(volume.range().min, volume.range().max, exact)
  const size = () => ({ width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) })
  const where = () => placement(grid, size(), presentation)

  let moving = false
  let still = 0
  const moved = () => {
    moving = true
    window.clearTimeout(still)
    still = window.setTimeout(() => {
      moving = false
      redraw()
    }, stillMs)
  }

  const update = (change: Partial<VolumeState>) => {
    state = { ...state, ...change }
    for (const listener of [...listeners]) listener()
  }

  const cutPlane = (): Float32Array => {
    const { index, slab } = state
    const most =
      moving && samplesOf(geometry, grid, slab) > coarseSamples ? coarseSamples : Number.POSITIVE_INFINITY
    const wanted = `${index} ${slab.projection} ${slab.thickness} ${volume.revision()} ${most}`
    if (!values || cut !== wanted) {
      cut = wanted
      values = reslice(geometry, volume.values, grid, index, slab, most)
      levels = ''
    }
    return values
  }

  const draw = () => {
    frame = 0
    if (closed) return
    const progress = volume.progress()
    if (progress.loaded === 0) return update({ progress, phase: 'loading' })
    const cutNow = cutPlane()
    const window = window_()
    const wanted = `${window.centre} ${window.width} ${state.inverted}`
    if (levels !== wanted) {
      levels = wanted
      picture.width = grid.width
      picture.height = grid.height
      const shown = grayLevels(cutNow, window, voi, state.inverted)
      picture.getContext('2d')?.putImageData(new ImageData(shown, grid.width, grid.height), 0, 0)
    }
    const { width, height } = size()
    const ratio = devicePixelRatio || 1
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    const { a, b, c, d, e, f } = where()
    const context = canvas.getContext('2d')
    if (context) {
      context.fillStyle = '#000'
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.setTransform(a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio)
      context.imageSmoothingEnabled = true
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, 0, 0)
    }
    const direction = (x: number, y: number): Triple => {
      const from = unplaced(where(), 0, 0)
      const to = unplaced(where(), x, y)
      const [u, v] = [to[0] - from[0], to[1] - from[1]]
      const length = Math.hypot(u, v) || 1
      const along = (k: 0 | 1 | 2) => (grid.right[k] * u + grid.down[k] * v) / length
      return [along(0), along(1), along(2)]
    }
    update({
      phase: 'loaded',
      progress,
      window,
      zoom: (fitScale(grid, size()) * presentation.zoom * Math.min(geometry.dx, geometry.dy)) / grid.spacing,
      edges: edgeLetters(direction(1, 0), direction(0, 1), null),
      drawn: state.drawn + 1,
    })
  }
  const redraw = () => {
    if (frame === 0 && !closed) frame = requestAnimationFrame(draw)
  }

  /** All slices are wanted, those around the plane first. */
  const want = () => {
    const at = pointAt(grid, state.index, grid.width / 2, grid.height / 2)
    const along = at[0] * geometry.normal[0] + at[1] * geometry.normal[1] + at[2] * geometry.normal[2]
    const distances = geometry.slices.map((slice) => Math.abs(slice.along - along))
    const nearest = distances.indexOf(Math.min(...distances))
    session.showing(pane, { imageIds: [...volume.imageIds], index: nearest, direction: 1 })
  }

  let cursorIndex = -1
  const heard = () => {
    if (session.closed) return void wipe()
    const index = clamp(Math.round(placeOf(grid, volume.cursor()).index), 0, grid.count - 1)
    if (index !== cursorIndex) {
      cursorIndex = index
      if (index !== state.index) {
        moved()
        update({ index })
      }
    }
    redraw()
  }

  const show = (to: number) => {
    const index = clamp(to, 0, grid.count - 1)
    if (closed || index === state.index) return
    moved()
    update({ index })
    cursorIndex = index
    const { x, y } = placeOf(grid, volume.cursor())
    volume.moveCursor(pointAt(grid, index, x, y))
    redraw()
  }

  const play = (playing: boolean) => {
    clearInterval(cine)
    const running = playing && grid.count > 1
    if (running) cine = window.setInterval(() => show((state.index + 1) % grid.count), frameMs)
    update({ playing: running })
  }
  const present = (change: Partial<Presentation>) => {
    presentation = { ...presentation, ...change }
    redraw()
  }
  const wipe = () => {
    if (closed) return
    closed = true
    clearInterval(cine)
    clearTimeout(still)
    cancelAnimationFrame(frame)
    values = null
    for (const one of [canvas, picture]) {
      one.width = 0
      one.height = 0
    }
    element.replaceChildren()
  }
  const unheard = volume.subscribe(heard)
  if (start?.index === undefined) {
    cursorIndex = clamp(Math.round(placeOf(grid, volume.cursor()).index), 0, grid.count - 1)
    state = { ...state, index: cursorIndex }
  }
  want()
  redraw()

  return {
    kind: 'volume',
    volume,
    grid,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    show,
    scroll: (by) => show(state.index + by),
    retry() {
      for (const imageId of volume.imageIds) session.images.forget(imageId)
      want()
      redraw()
    },
    setWindow(centre, width) {
      chosen = { centre, width: Math.max(width, exact ? 1e-6 : 1) }
      redraw()
    },
    invert() {
      update({ inverted: !state.inverted })
      redraw()
    },
    rotate: () => present({ rotation: (presentation.rotation + 90) % 360 }),
    flip: (way) =>
      present(
        way === 'horizontal'
          ? { flipHorizontal: !presentation.flipHorizontal }
          : { flipVertical: !presentation.flipVertical },
      ),
    reset() {
      chosen = own ? { centre: own.centre, width: own.width } : null
      update({ inverted: begun, slab: { projection: 'max', thickness: as === 'mip' ? mipThickness : 0 } })
      present(fitted)
    },
    play,
    resize: redraw,
    values() {
      const record = source()
      if (!record) return null
      return {
        modality: record.modality,
        windows: record.windows,
        luts: [],
        range: volume.range(),
        exact,
        color: false,
      }
    },
    record: source,
    plane: () => ({
      frameOfReference: geometry.frameOfReference,
      position: pointAt(grid, state.index, -0.5, -0.5),
      row: grid.right,
      column: grid.down,
      width: grid.width * grid.spacing,
      height: grid.height * grid.spacing,
    }),
    showNearest: (point) => show(Math.round(placeOf(grid, point).index)),
    toCanvas(point) {
      if (closed || state.phase !== 'loaded') return null
      const { x, y } = placeOf(grid, point)
      return placed(where(), x + 0.5, y + 0.5)
    },
    fromCanvas(x, y) {
      if (closed || state.phase !== 'loaded') return null
      const [u, v] = unplaced(where(), x, y)
      return pointAt(grid, state.index, u - 0.5, v - 0.5)
    },
    presentation: () => presentation,
    present,
    place: () => ({
      index: state.index,
      window: chosen,
      inverted: state.inverted !== begun,
      presentation,
    }),
    setSlab(change) {
      moved()
      const slab = { ...state.slab, ...change }
      update({ slab: { ...slab, thickness: clamp(slab.thickness, 0, thickest) } })
      redraw()
    },
    pick(x, y) {
      const [u, v] = unplaced(where(), x, y)
      const inside = [clamp(u - 0.5, 0, grid.width - 1), clamp(v - 0.5, 0, grid.height - 1)] as const
      volume.moveCursor(pointAt(grid, state.index, ...inside))
    },
    pan: ([x, y]) =>
      present({
        pan: [presentation.pan[0] + x / presentation.zoom, presentation.pan[1] + y / presentation.zoom],
      }),
    close() {
      unheard()
      wipe()
      listeners.clear()
      session.showing(pane, null)
      volume.release()
    },
  }
}
