import { number } from '../dicom/attributes.ts'
import type { Triple } from '../dicom/plane.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { Values } from '../pixels/modality.ts'
import { ImageProblem } from '../problem.ts'
import type { OpenSet, ViewerSession } from '../session.ts'
import { type VolumeGeometry, type VolumeRefusal, volumeGeometry } from './geometry.ts'
import { planeGrid, pointAt } from './plane-grid.ts'

/**
 * One series as a volume, for all the planes that show it: the values of the images as they were decoded for the stack, by
 * reference. Nothing is loaded, decoded or copied a second time.
 */
export interface Volume {
  geometry: VolumeGeometry
  imageIds: readonly string[]
  /** In the geometry's order; null where one has not come. */
  values: readonly (Values | null)[]
  /** Of the source images, in the order of the geometry. */
  records: readonly (ImageRecord | undefined)[]
  progress(): { loaded: number; failed: number; total: number }
  /** Rises whenever slices have come. */
  revision(): number
  range(): { min: number; max: number }
  /** Where the planes cross, LPS in mm. */
  cursor(): Triple
  moveCursor(to: Triple): void
  /** Calls back when slices came or the cursor moved. */
  subscribe(listener: () => void): () => void
  /** One plane less shows it; with the last one its slices are let go. */
  release(): void
}

/** Of the memory for images: what is shown as a volume is held even where the cache has let it go, and must fit beside it. */
const share = 0.6

export const refusalOf = (reason: VolumeRefusal): ImageProblem =>
  new ImageProblem('volume-impossible', reason)

const colourOf = (record: ImageRecord) =>
  (number(record.attributes, '00280002') ?? 1) > 1 ||
  (record.attributes['00280004'] as { Value?: unknown[] } | undefined)?.Value?.[0] === 'PALETTE COLOR'

interface Shared {
  volume: Volume
  users: number
}
/** Planes of one series share one volume; it goes with the session. */
const shared = new WeakMap<ViewerSession, Map<string, Shared>>()

/** @throws ImageProblem `volume-impossible`, its detail the reason */
export function openVolume(session: ViewerSession, open: OpenSet): Volume {
  const known = shared.get(session) ?? new Map<string, Shared>()
  shared.set(session, known)
  const found = known.get(open.set.id)
  if (found) {
    found.users += 1
    return found.volume
  }
  const volume = createVolume(session, open, () => {
    const mine = known.get(open.set.id)
    if (!mine) return true
    mine.users -= 1
    if (mine.users > 0) return false
    known.delete(open.set.id)
    return true
  })
  known.set(open.set.id, { volume, users: 1 })
  return volume
}

function createVolume(session: ViewerSession, open: OpenSet, isLast: () => boolean): Volume {
  const records = open.imageIds.map((imageId) => session.engine.record(imageId))
  const geometry = volumeGeometry(
    records.flatMap((record) =>
      record
        ? [
            {
              plane: record.plane,
              rows: number(record.attributes, '00280010') ?? 0,
              columns: number(record.attributes, '00280011') ?? 0,
              colour: colourOf(record),
            },
          ]
        : [],
    ),
  )
  if (typeof geometry === 'string') throw refusalOf(geometry)
  const bytes = geometry.rows * geometry.columns * geometry.slices.length * 2
  if (bytes > session.engine.cacheBytes * share) throw refusalOf('too-large')

  const imageIds = geometry.slices.map(({ source }) => open.imageIds[source] ?? '')
  const values: (Values | null)[] = imageIds.map(() => null)
  const listeners = new Set<() => void>()
  const range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
  let revision = 0
  const grid = planeGrid(geometry, 'axial')
  let cursor = pointAt(grid, grid.count >> 1, grid.width >> 1, grid.height >> 1)
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }

  /** Takes what has come since, once each. */
  const gather = () => {
    if (session.closed) return letGo()
    let came = 0
    imageIds.forEach((imageId, k) => {
      if (values[k] || !session.images.loaded(imageId)) return
      const image = session.images.cached(imageId)
      if (!image || image.color) return
      values[k] = image.vigil.modality.values as Values
      range.min = Math.min(range.min, image.vigil.range.min)
      range.max = Math.max(range.max, image.vigil.range.max)
      came += 1
    })
    if (came > 0) {
      revision += 1
      tell()
    }
  }
  const letGo = () => {
    values.fill(null)
    unwatch()
    tell()
    listeners.clear()
  }
  const unwatch = session.onChange(gather)
  gather()

  return {
    geometry,
    imageIds,
    values,
    records: geometry.slices.map(({ source }) => records[source]),
    progress: () => ({
      loaded: values.filter(Boolean).length,
      failed: imageIds.filter((imageId) => session.images.problem(imageId)).length,
      total: imageIds.length,
    }),
    revision: () => revision,
    range: () => (range.min <= range.max ? range : { min: 0, max: 0 }),
    cursor: () => cursor,
    moveCursor(to) {
      cursor = to
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    release() {
      if (isLast()) letGo()
    },
  }
}
