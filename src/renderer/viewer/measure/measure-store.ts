import type { Measurement } from '../../../shared/measurement/index.ts'
import type { Point, Spacing } from './geometry.ts'
import { begun, type History, redone, stepped, undone } from './history.ts'
import { geometryValues } from './values.ts'

/** All that was measured on a study, and the spacings that a person set, by `calibrationKey`. Never changed in place. */
export interface Measured {
  measurements: readonly Measurement[]
  calibrations: Readonly<Record<string, Spacing>>
}

export interface MeasureState extends History<Measured> {
  /** Id of the one that keys act on. */
  selected: string | null
  /** Where labels were put by hand: CSS pixels from the place they would take. */
  offsets: Readonly<Record<string, Point>>
}

/** The measurements of one study, with every step undone and redone. Subscribers are told after each change. */
export interface MeasureStore {
  state(): MeasureState
  subscribe(listener: () => void): () => void
  /** One step that can be undone. */
  change(next: (now: Measured) => Measured): void
  add(measurement: Measurement): void
  /** Replaces the one with the same id. */
  replace(measurement: Measurement): void
  remove(ids: readonly string[]): void
  removeAll(): void
  /** Sets (or with null takes back) an image's spacing; its measurements follow. */
  calibrate(image: { series: string; instance: string }, spacing: Spacing | null, own: Scaled): void
  select(id: string | null): void
  moveLabel(id: string, offset: Point): void
  /** Shows what was read from stored objects, in one step; those there already (same id) stay as they are. */
  show(list: readonly Measurement[]): void
  undo(): void
  redo(): void
}

/** The scale that holds for the image after a calibration. */
type Scaled = Parameters<typeof geometryValues>[2]

const limit = 200

export function createMeasureStore(): MeasureStore {
  let state: MeasureState = {
    ...begun<Measured>({ measurements: [], calibrations: {} }),
    selected: null,
    offsets: {},
  }
  const listeners = new Set<() => void>()

  const become = (next: Partial<MeasureState>) => {
    state = { ...state, ...next }
    const { selected, present } = state
    // What is gone is not selected.
    if (selected && !present.measurements.some(({ id }) => id === selected))
      state = { ...state, selected: null }
    for (const listener of [...listeners]) listener()
  }
  const change = (next: (now: Measured) => Measured, rest: Partial<MeasureState> = {}) =>
    become({ ...stepped(state, next(state.present), limit), ...rest })
  const listed = (next: (list: readonly Measurement[]) => readonly Measurement[]) => (now: Measured) => ({
    ...now,
    measurements: next(now.measurements),
  })

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    change: (next) => change(next),
    add: (measurement) =>
      change(
        listed((list) => [...list, measurement]),
        { selected: measurement.id },
      ),
    replace: (measurement) =>
      change(listed((list) => list.map((one) => (one.id === measurement.id ? measurement : one)))),
    remove(ids) {
      if (!state.present.measurements.some(({ id }) => ids.includes(id))) return
      change(listed((list) => list.filter(({ id }) => !ids.includes(id))))
    },
    removeAll() {
      if (state.present.measurements.length > 0) change(listed(() => []))
    },
    calibrate({ series, instance }, spacing, scale) {
      const key = `${series}/${instance}`
      change(({ measurements, calibrations }) => {
        const { [key]: _, ...others } = calibrations
        return {
          calibrations: spacing ? { ...others, [key]: spacing } : others,
          measurements: measurements.map((one) =>
            one.series === series && one.instance === instance ? rescaled(one, scale, spacing !== null) : one,
          ),
        }
      })
    },
    select(selected) {
      if (selected !== state.selected) become({ selected })
    },
    moveLabel: (id, offset) => become({ offsets: { ...state.offsets, [id]: offset } }),
    show(list) {
      const known = new Set(state.present.measurements.map(({ id }) => id))
      const added = list.filter(({ id }) => !known.has(id))
      if (added.length > 0) change(listed((now) => [...now, ...added]))
    },
    undo: () => become(undone(state)),
    redo: () => become(redone(state)),
  }
}

const geometric = new Set(['length', 'long-axis', 'short-axis', 'angle', 'area'])

function rescaled(one: Measurement, scale: Scaled, calibrated: boolean): Measurement {
  const kept = one.values.filter(({ name }) => !geometric.has(name))
  return { ...one, values: [...geometryValues(one.kind, one.points, scale), ...kept], calibrated }
}
