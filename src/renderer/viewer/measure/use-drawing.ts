import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import type { Measurement } from '../../../shared/measurement/index.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import { inverse, through } from './affine.ts'
import { type Draft, isComplete, pressedAt, releasedAt } from './draft.ts'
import { isSpeck, moveHandle, moveWhole, pointsFrom, settled } from './figure.ts'
import { clampPoint, minus, type Point } from './geometry.ts'
import { type Hit, hitAt } from './hit.ts'
import { currentScale, useMeasuring } from './measure-scope.tsx'
import { measured } from './measured.ts'
import { figureOf, grabs } from './tools.ts'
import type { ShownImage } from './view-map.ts'

/** What a figure that was just drawn is asked for before it is kept. */
export interface Asking {
  kind: 'label' | 'millimetres'
  /** The measurement so far, or the line of known length. */
  draft: Omit<Measurement, 'kind'> & { kind: Measurement['kind'] | 'calibrate' }
  /** Already kept: only its text changes. */
  kept: boolean
}

interface Grip extends Hit {
  from: Point
  original: Measurement
}

/** What drawing on a pane is at. */
export interface Drawing {
  draft: Draft | null
  /** A kept measurement while it is moved. */
  moving: Measurement | null
  hovered: string | null
  asking: Asking | null
  ask(asking: Asking | null): void
}

/**
 * Drawing, moving and reshaping on one pane by its pointer (mouse, pen, finger). Runs before cornerstone's own handlers and keeps
 * from them what it takes.
 */
export function useDrawing(facts: {
  frame: RefObject<HTMLElement | null>
  surface: RefObject<HTMLDivElement | null>
  tool: LeftTool
  /** The measurements of the image on screen. */
  list: readonly Measurement[]
  shown(): ShownImage | null
}): Drawing {
  const { session, store, newId } = useMeasuring()
  const { tool, list, shown, frame, surface } = facts
  const [draft, setDraft] = useState<Draft | null>(null)
  const [grip, setGrip] = useState<Grip | null>(null)
  const [moving, setMoving] = useState<Measurement | null>(null)
  const [hovered, setHovered] = useState<string | null>(null)
  const [asking, setAsking] = useState<Asking | null>(null)
  const figure = figureOf(tool)

  const place = (event: MouseEvent, image: ShownImage) => {
    const box = surface.current!.getBoundingClientRect()
    const onPane: Point = [event.clientX - box.left, event.clientY - box.top]
    return { onPane, at: clampPoint(through(inverse(image.toPane), onPane), image.image) }
  }
  const recordOf = (image: ShownImage) => session.engine.record(image.image.imageId)

  const finish = (done: Draft, image: ShownImage) => {
    setDraft(null)
    const record = recordOf(image)
    if (!record) return
    const scale = currentScale(store, record)
    const points = settled(done.kind, pointsFrom(done.kind, done.places, scale))
    if (isSpeck(done.kind, points)) return
    const base = {
      id: newId(),
      series: record.series,
      instance: record.instance,
      frame: record.frame,
      points,
      label: '',
      values: [],
      calibrated: scale.source === 'person',
    }
    if (done.kind === 'calibrate') {
      setAsking({ kind: 'millimetres', draft: { ...base, kind: 'calibrate' }, kept: false })
      return
    }
    const made = measured({ ...base, kind: done.kind }, image.image, record, scale)
    if (done.kind === 'arrow' || done.kind === 'text') setAsking({ kind: 'label', draft: made, kept: false })
    else store.add(made)
  }

  const onDown = useEffectEvent((event: PointerEvent) => {
    if (event.button !== 0 || !grabs(tool) || !event.isPrimary) return
    const image = shown()
    if (!image) return
    // Keeps cornerstone's mouse handlers out of it.
    event.preventDefault()
    surface.current!.setPointerCapture(event.pointerId)
    if (asking) return
    const { onPane, at } = place(event, image)
    const going = draft?.imageId === image.image.imageId ? draft : null
    const hit = going ? null : hitAt(list, onPane, image.toPane)
    const original = hit && list.find(({ id }) => id === hit.id)
    if (hit && original) {
      store.select(hit.id)
      setGrip({ ...hit, from: at, original })
      return
    }
    store.select(null)
    if (!figure) return
    const fresh: Draft = { kind: figure, imageId: image.image.imageId, places: [], at, pressed: null }
    setDraft(pressedAt(going ?? fresh, at, event.clientX, event.clientY))
  })

  const onMove = useEffectEvent((event: PointerEvent) => {
    if (!grabs(tool)) return
    const image = shown()
    if (!image) return
    const { onPane, at } = place(event, image)
    if (grip) {
      const record = recordOf(image)
      if (!record) return
      const scale = currentScale(store, record)
      const { original, handle, from } = grip
      const points =
        handle === null
          ? moveWhole(original.points, minus(at, from), image.image)
          : moveHandle(original.kind, original.points, handle, at, scale)
      setMoving(measured({ ...original, points }, image.image, record, scale))
    } else if (draft) setDraft({ ...draft, at })
    else {
      const over = hitAt(list, onPane, image.toPane)
      setHovered(over?.id ?? null)
      surface.current!.style.cursor = over
        ? over.handle === null
          ? 'move'
          : 'pointer'
        : figure
          ? 'crosshair'
          : ''
    }
  })

  const onUp = useEffectEvent((event: PointerEvent) => {
    const image = shown()
    if (grip) {
      if (moving) store.replace({ ...moving, points: settled(moving.kind, moving.points) })
      setGrip(null)
      setMoving(null)
    } else if (draft && image && event.button === 0) {
      const next = releasedAt(draft, place(event, image).at, event.clientX, event.clientY)
      if (isComplete(next)) finish(next, image)
      else setDraft(next)
    }
  })

  const drop = useEffectEvent(() => {
    setDraft(null)
    setGrip(null)
    setMoving(null)
  })

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || (!draft && !grip)) return
    event.stopPropagation()
    drop()
  })

  const onDouble = useEffectEvent((event: MouseEvent) => {
    if (!grabs(tool)) return
    // Two quick clicks draw; they do not enlarge the pane.
    event.stopPropagation()
    const image = shown()
    const hit = image && !draft && hitAt(list, place(event, image).onPane, image.toPane)
    const one = hit && list.find(({ id }) => id === hit.id)
    if (one) setAsking({ kind: 'label', draft: one, kept: true })
  })

  useEffect(() => {
    const element = surface.current
    const pane = frame.current
    if (!element || !pane) return
    const end = new AbortController()
    const { signal } = end
    element.addEventListener('pointerdown', (event) => onDown(event), { capture: true, signal })
    element.addEventListener('pointermove', (event) => onMove(event), { signal })
    element.addEventListener('pointerup', (event) => onUp(event), { signal })
    element.addEventListener('pointercancel', () => drop(), { signal })
    element.addEventListener('pointerleave', () => setHovered(null), { signal })
    element.addEventListener('dblclick', (event) => onDouble(event), { signal })
    pane.addEventListener('keydown', (event) => onKey(event), { signal })
    return () => end.abort()
  }, [frame, surface])

  // What was begun with one tool is not ended with another.
  useEffect(() => {
    const element = surface.current
    if (element) element.style.cursor = figure ? 'crosshair' : ''
    setDraft(null)
    setHovered(null)
  }, [figure, surface])

  return { draft, moving, hovered, asking, ask: setAsking }
}
