import { Enums, EVENTS, type StackViewport, type Types } from '@cornerstonejs/core'
import { rangeOf, windowBetween } from '../dicom/voi.ts'
import { hangsMirrored } from '../display/mammography.ts'
import { edgeLetters } from '../display/orientation.ts'
import { nearestSlice, planeOfImage } from '../link/geometry.ts'
import { derivedId } from '../load/image-record.ts'
import type { PixelStatistics } from '../pixels/statistics.ts'
import { problemOf } from '../problem.ts'
import type { OpenSet, ViewerSession } from '../session.ts'
import { type StageImage, transformedImage } from './cornerstone-image.ts'
import { type GrayscaleChoice, grayscaleOf } from './grayscale.ts'
import type { ImageView, Presentation, ViewPlace, ViewState } from './image-view.ts'

/** What a stack's pane shows; `shown` is what is on screen. */
export interface StackState extends ViewState {
  imageId: string
  shown: StageImage | null
  statistics: PixelStatistics | null
  /** How fast it plays. */
  framesPerSecond: number
  /** The lookup table that stands in for the window; `index` among the image's own, null for one of a presentation state. */
  lut: { index: number | null; name: string } | null
}

/** One pane's stack: which image is on screen and how it is looked at. */
export interface StackView extends ImageView {
  readonly kind: 'stack'
  state(): StackState
  /** cornerstone's viewport, for tools that read it. */
  readonly viewport: StackViewport
  readonly imageIds: readonly string[]
  /** Plays at `factor` times the present rate, 1 to 60 images a second. */
  playFaster(factor: number): void
  /** How values become grey, for every image of the stack; the window is theirs until it is set. */
  setGrayscale(choice: GrayscaleChoice): void
}

const defaultFrameMs = 66

export function createStackView(deps: {
  session: ViewerSession
  open: OpenSet
  pane: string
  element: HTMLDivElement
  /** Where to begin; as the images bring where it is absent. */
  start?: Partial<ViewPlace> | undefined
}): StackView {
  const { session, open, pane, element, start } = deps
  const { imageIds } = open
  const engine = session.engine.rendering()
  engine.enableElement({
    viewportId: pane,
    type: Enums.ViewportType.STACK,
    element,
    defaultOptions: { background: [0, 0, 0] },
  })
  const viewport = engine.getViewport<StackViewport>(pane)
  const enabledAt = sizeOf(element)
  session.engine.tools.attach(pane, engine.id)

  const listeners = new Set<() => void>()
  let closed = false
  let staged = false
  let direction: 1 | -1 = 1
  let cine = 0
  let rate = 1
  let presentation: Presentation | null = start?.presentation ?? null
  let choice: GrayscaleChoice =
    typeof start?.lut === 'number'
      ? { kind: 'lut', index: start.lut }
      : { kind: start?.window ? 'window' : 'brought' }
  /** The choice that the viewport's stack was made for. */
  let stagedFor: GrayscaleChoice | null = null
  let state: StackState = {
    phase: 'loading',
    index: 0,
    count: imageIds.length,
    imageId: imageIds[0] ?? '',
    shown: null,
    problem: null,
    statistics: null,
    framesPerSecond: 1000 / defaultFrameMs,
    lut: null,
    window: null,
    inverted: false,
    zoom: null,
    edges: null,
    playing: false,
  }

  const update = (change: Partial<StackState>) => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  /** Window, zoom and edges as they are on screen. */
  const look = (): Partial<StackState> => {
    if (!state.shown) return {}
    const { voiRange, invert } = viewport.getProperties()
    const { exact } = state.shown.vigil
    const record = session.engine.record(state.shown.imageId)
    const at = (x: number, y: number) => viewport.canvasToWorld([x, y])
    const [o, x, y] = [at(0, 0), at(100, 0), at(0, 100)]
    const along = (to: Types.Point3) => {
      const d = [to[0] - o[0], to[1] - o[1], to[2] - o[2]] as const
      const length = Math.hypot(...d) || 1
      return { unit: [d[0] / length, d[1] / length, d[2] / length] as const, perPixel: length / 100 }
    }
    const right = along(x)
    presentation = presentationOf(viewport)
    const placed = record?.plane.rowDirection ? null : (record?.plane.letters ?? undefined)
    return {
      window: voiRange && !state.lut ? windowBetween(voiRange.lower, voiRange.upper, exact) : null,
      inverted: invert ?? false,
      zoom: right.perPixel > 0 ? state.shown.columnPixelSpacing / right.perPixel : null,
      edges: placed === undefined ? null : edgeLetters(right.unit, along(y).unit, placed),
    }
  }

  let lookFrame = 0
  const looked = () => {
    if (lookFrame === 0 && !closed)
      lookFrame = requestAnimationFrame(() => {
        lookFrame = 0
        if (!closed) update(look())
      })
  }
  for (const event of [EVENTS.VOI_MODIFIED, EVENTS.CAMERA_MODIFIED]) element.addEventListener(event, looked)

  const record = () => session.engine.record((state.shown ?? { imageId: state.imageId }).imageId)

  /** A breast hangs with its chest wall to the middle, however it was stored. */
  const upright = () => {
    const shown = session.engine.record(viewport.getCurrentImageId())
    if (shown && hangsMirrored(shown.attributes))
      viewport.setViewPresentation({ ...viewport.getViewPresentation(), flipHorizontal: true })
  }

  /** The first image as it was left, or as the hanging protocol has it. */
  const begin = (from: Partial<ViewPlace>) => {
    const image = session.engine.cached(viewport.getCurrentImageId())
    if (from.window && image && !image.color && !grayscaleAt(viewport.getCurrentImageIdIndex()))
      viewport.setProperties({ voiRange: rangeOf(from.window, image.vigil.exact) })
    if (from.inverted) viewport.setProperties({ invert: !viewport.getProperties().invert })
    if (from.presentation) viewport.setViewPresentation(mutable(from.presentation))
    else upright()
  }

  const grayscaleAt = (index: number) => {
    const found = session.engine.record(imageIds[index] ?? '')
    return found ? grayscaleOf(choice, found) : null
  }

  /** The image as it is to be seen: itself, or what a lookup table makes of it. */
  const prepared = (image: StageImage, index: number): StageImage => {
    const grayscale = image.color ? null : grayscaleAt(index)
    if (!grayscale) return image
    const imageId = derivedId(image.imageId, grayscale.key)
    const known = session.engine.cached(imageId)
    if (known) return known
    const made = transformedImage(image, imageId, grayscale.transform)
    session.engine.keep(imageId, made)
    return made
  }

  /** Ids for the viewport: where a table applies those of the derived images. */
  const stackIds = () =>
    imageIds.map((imageId, index) => {
      const grayscale = grayscaleAt(index)
      return grayscale ? derivedId(imageId, grayscale.key) : imageId
    })

  const stage = async (index: number) => {
    if (staged && stagedFor !== choice) {
      stagedFor = choice
      const [look, { invert }] = [viewport.getViewPresentation(), viewport.getProperties()]
      await viewport.setStack(stackIds(), index)
      viewport.setViewPresentation(look)
      viewport.setProperties({ invert: invert ?? false })
    } else if (!staged) {
      staged = true
      stagedFor = choice
      const before = sizeOf(element)
      await viewport.setStack(stackIds(), index)
      // A pane whose size changed meanwhile (another layout) was fitted to the old one.
      if (sizeOf(element) !== before || before !== enabledAt) {
        engine.resize(true, true)
        viewport.resetCamera()
      }
      begin(start ?? {})
    } else await viewport.setImageIdIndex(index)
    viewport.render()
  }

  const show = async (index: number): Promise<void> => {
    const imageId = imageIds[index]
    if (imageId === undefined || closed) return
    if (index !== state.index) direction = index > state.index ? 1 : -1
    const current = () => !closed && state.index === index
    update({ phase: 'loading', index, imageId, problem: null })
    session.showing(pane, { imageIds, index, direction })
    try {
      const loaded = session.images.cached(imageId) ?? (await session.images.show(imageId))
      if (!current()) return
      const image = prepared(loaded, index)
      const grayscale = image === loaded ? null : grayscaleAt(index)
      await stage(index)
      if (!current()) return
      const lut = grayscale && { index: grayscale.lut, name: grayscale.name }
      update({ phase: 'loaded', shown: image, statistics: image.vigil.statistics(), lut })
      update(look())
    } catch (thrown) {
      const problem = problemOf(thrown)
      if (current() && problem.code !== 'cancelled') update({ phase: 'failed', problem, statistics: null })
    }
  }

  const frameMs = (): number => {
    const record = session.engine.record(state.imageId)
    const first = (tag: string) => {
      const value = Number((record?.attributes[tag] as { Value?: unknown[] } | undefined)?.Value?.[0])
      return value > 0 ? value : undefined
    }
    // Frame Time in ms, else Recommended Display Frame Rate or Cine Rate in frames a second (PS3.3 C.7.6.5).
    const perSecond = first('00082144') ?? first('00180040')
    const told = first('00181063') ?? (perSecond ? 1000 / perSecond : defaultFrameMs)
    return Math.min(1000, Math.max(1000 / 60, told / rate))
  }

  const play = (playing: boolean) => {
    window.clearInterval(cine)
    const running = playing && imageIds.length > 1
    if (running)
      cine = window.setInterval(() => {
        // Waits for an image under way instead of skipping ahead of it.
        if (state.phase !== 'loading') void show((state.index + 1) % imageIds.length)
      }, frameMs())
    update({ playing: running, framesPerSecond: 1000 / frameMs() })
  }

  const presented = (change: (now: Types.ViewPresentation) => Types.ViewPresentation) => {
    if (!state.shown) return
    viewport.setViewPresentation(change(viewport.getViewPresentation()))
    viewport.render()
    looked()
  }

  const setVoi = (centre: number, width: number) => {
    if (!state.shown || closed) return
    viewport.setProperties({ voiRange: rangeOf({ centre, width }, state.shown.vigil.exact) })
    viewport.render()
  }

  const choose = async (next: GrayscaleChoice): Promise<void> => {
    choice = next
    if (state.shown) await show(state.index)
  }

  const go = (index: number) => void show(Math.max(0, Math.min(imageIds.length - 1, index)))

  const view: StackView = {
    kind: 'stack',
    viewport,
    imageIds,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    show: go,
    scroll(by) {
      const target = Math.max(0, Math.min(imageIds.length - 1, state.index + by))
      if (target !== state.index) go(target)
    },
    retry() {
      session.images.forget(state.imageId)
      go(state.index)
    },
    setWindow(centre, width) {
      if (!state.lut) setVoi(centre, width)
      else void choose({ kind: 'window' }).then(() => setVoi(centre, width))
    },
    setGrayscale: (next) => void choose(next),
    invert() {
      if (!state.shown) return
      viewport.setProperties({ invert: !viewport.getProperties().invert })
      viewport.render()
      looked()
    },
    rotate: () => presented((now) => ({ rotation: ((now.rotation ?? 0) + 90) % 360 })),
    flip: (axis) =>
      presented((now) =>
        axis === 'horizontal' ? { flipHorizontal: !now.flipHorizontal } : { flipVertical: !now.flipVertical },
      ),
    reset() {
      const reset = () => {
        if (!state.shown || closed) return
        viewport.resetProperties()
        viewport.resetCamera()
        upright()
        viewport.render()
        looked()
      }
      if (choice.kind === 'brought') reset()
      else void choose({ kind: 'brought' }).then(reset)
    },
    play,
    playFaster(factor) {
      rate *= factor
      // What is beyond the bounds is not added up.
      rate = Math.min(16, Math.max(1 / 16, rate))
      play(state.playing)
    },
    values() {
      const found = state.shown && session.engine.record(state.shown.imageId)
      if (!found || !state.shown) return null
      const { range, exact } = state.shown.vigil
      return {
        modality: found.modality,
        windows: found.windows,
        luts: found.voiTables.map(({ explanation }) => explanation),
        range,
        exact,
        color: state.shown.color,
      }
    },
    record: () => session.engine.record(state.imageId) ?? null,
    plane() {
      const found = state.shown && record()
      if (!found || !state.shown) return null
      const plane = planeOfImage(found, state.shown)
      // Without a frame of reference an image compares with its own series only.
      return plane && { ...plane, frameOfReference: plane.frameOfReference || found.series }
    },
    showNearest(point) {
      const planes = imageIds.map((imageId) => session.engine.record(imageId)?.plane ?? null)
      const index = nearestSlice(planes, point)
      if (index !== null && index !== state.index) go(index)
    },
    toCanvas(point) {
      if (!state.shown || closed) return null
      const [x, y] = viewport.worldToCanvas(point)
      return [x, y]
    },
    fromCanvas(x, y) {
      if (!state.shown || closed) return null
      const [a, b, c] = viewport.canvasToWorld([x, y])
      return [a, b, c]
    },
    presentation: () => presentation,
    present: (change) => presented((now) => ({ ...now, ...mutable(change) })),
    place: () => ({
      index: state.index,
      window: state.window,
      lut: choice.kind === 'lut' ? choice.index : null,
      inverted: state.inverted !== (state.shown?.invert ?? false),
      presentation,
    }),
    resize() {
      // Relative to the fit: what filled its pane fills the new one. A camera kept as it is would cut a narrower pane's image.
      const stacks = engine.getViewports() as Types.IStackViewport[]
      const shown = stacks.filter((each) => each.getCurrentImageId())
      const kept = shown.map((each) => [each, each.getViewPresentation()] as const)
      engine.resize(true, true)
      for (const [each, presentation] of kept) {
        each.resetCamera()
        each.setViewPresentation(presentation)
        each.render()
      }
      looked()
    },
    close() {
      if (closed) return
      closed = true
      window.clearInterval(cine)
      cancelAnimationFrame(lookFrame)
      listeners.clear()
      for (const event of [EVENTS.VOI_MODIFIED, EVENTS.CAMERA_MODIFIED])
        element.removeEventListener(event, looked)
      session.showing(pane, null)
      // After a release the engine is gone, and with it its viewports.
      if (!engine.hasBeenDestroyed) {
        session.engine.tools.detach(pane, engine.id)
        engine.disableElement(pane)
      }
      element.replaceChildren()
    },
  }
  go(start?.index ?? 0)
  return view
}

const sizeOf = (element: HTMLElement) => `${element.clientWidth}x${element.clientHeight}`

function presentationOf(viewport: StackViewport): Presentation {
  const {
    zoom = 1,
    pan = [0, 0],
    rotation = 0,
    flipHorizontal = false,
    flipVertical = false,
  } = viewport.getViewPresentation()
  return { zoom, pan: [pan[0], pan[1]], rotation, flipHorizontal, flipVertical }
}

function mutable({ pan, ...rest }: Partial<Presentation>): Types.ViewPresentation {
  return pan ? { ...rest, pan: [pan[0], pan[1]] } : rest
}
