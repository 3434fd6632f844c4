import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers, text } from './attributes.ts'

const sharedGroups = '52009229'
const perFrameGroups = '52009230'

/**
 * The functional group macros that the viewer reads (PS3.3 C.7.6.16 and C.8): pixel measures, plane position (patient), plane
 * orientation (patient), frame VOI LUT, pixel value transformation, frame content, frame anatomy, patient orientation in frame, frame
 * display shutter, CT, MR and PET frame type. Real world value mappings are left alone: they change what is measured, not what is seen.
 */
const macros = [
  '00289110',
  '00209113',
  '00209116',
  '00289132',
  '00289145',
  '00209111',
  '00209071',
  '00209450',
  '00189472',
  '00189329',
  '00189226',
  '00189751',
]

function flatten(group: DicomJson | undefined): DicomJson {
  if (!group) return {}
  return Object.assign({}, ...macros.map((macro) => items(group, macro)[0] ?? {}))
}

/**
 * The attributes that hold for one frame (counted from 1), as if the frame were a single-frame image: an enhanced object's
 * shared and per-frame groups are laid over the instance's own attributes.
 */
export function attributesOfFrame(instance: DicomJson, frame: number): DicomJson {
  if (!(sharedGroups in instance) && !(perFrameGroups in instance)) return instance
  const { [perFrameGroups]: _, ...own } = instance
  return {
    ...own,
    ...flatten(items(instance, sharedGroups)[0]),
    ...flatten(items(instance, perFrameGroups)[frame - 1]),
  }
}

interface Place {
  frame: number
  /** Coarsest first: stack, temporal position, place in the stack. */
  keys: readonly [stack: number, time: number, position: number]
}

const isSorted = (places: readonly Place[], by: (a: Place, b: Place) => number) =>
  places.every((place, i) => i === 0 || by(places[i - 1]!, place) <= 0)

const byKeys =
  (...order: readonly (0 | 1 | 2)[]) =>
  (a: Place, b: Place) => {
    for (const key of order) if (a.keys[key] !== b.keys[key]) return a.keys[key] - b.keys[key]
    return 0
  }

/**
 * The frames of a multi-frame image (counted from 1) in the order in which they are looked through. Frame Content (PS3.3 C.7.6.16.2.2)
 * tells the stack, the time and the place of each. Frames that follow each other sensibly, through places or through times, stay as
 * they are stored; others go stack by stack, time by time, place by place. Where no stack is told the Dimension Index Values order them.
 */
export function frameOrder(instance: DicomJson, frames: number): number[] {
  const stored = Array.from({ length: frames }, (_, i) => i + 1)
  const groups = items(instance, perFrameGroups)
  if (groups.length < frames || frames < 2) return stored
  const contents = stored.map((frame) => items(groups[frame - 1] ?? {}, '00209111')[0] ?? {})
  const stacks = [...new Set(contents.map((content) => text(content, '00209056')))]
  const places = contents.map((content, i): Place | null => {
    const position = number(content, '00209057')
    if (position === undefined) return null
    const stack = stacks.indexOf(text(content, '00209056'))
    return { frame: i + 1, keys: [stack, number(content, '00209128') ?? 0, position] }
  })
  if (places.every((place) => place !== null)) {
    const orders = [byKeys(0, 1, 2), byKeys(0, 2, 1), byKeys(1, 0, 2)]
    if (orders.some((order) => isSorted(places, order)) || isRepeated(places)) return stored
    return places.toSorted(byKeys(0, 1, 2)).map(({ frame }) => frame)
  }
  const dimensions = contents.map((content) => numbers(content, '00209157'))
  const length = dimensions[0]!.length
  if (length === 0 || dimensions.some((values) => values.length !== length)) return stored
  return stored.toSorted((a, b) => {
    const [left, right] = [dimensions[a - 1]!, dimensions[b - 1]!]
    const differs = left.findIndex((value, i) => value !== right[i])
    return differs < 0 ? 0 : left[differs]! - right[differs]!
  })
}

/**
 * One stack several times over, of the same time, that differ in something else (echo, b-value): each begins at the first place, and
 * the next one after the last.
 */
function isRepeated(places: readonly Place[]): boolean {
  const positions = places.map(({ keys }) => keys[2])
  const [first, last] = [Math.min(...positions), Math.max(...positions)]
  return places.every(({ keys: [stack, time, position] }, i) => {
    if (stack !== places[0]!.keys[0] || time !== places[0]!.keys[1]) return false
    if (i === 0) return position === first
    const before = positions[i - 1]!
    return position >= before || (position === first && before === last)
  })
}
