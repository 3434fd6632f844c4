import type { MeasuredValue, Measurement } from '../../../shared/measurement/index.ts'
import type { Concept, ContentItem } from './content-tree.ts'

type Name = MeasuredValue['name']
type Point = [number, number]

const names: Record<string, Name> = {
  '410668003': 'length',
  'G-D7FE': 'length',
  '103339001': 'long-axis',
  'G-A185': 'long-axis',
  '103340004': 'short-axis',
  'G-A186': 'short-axis',
  '1483009': 'angle',
  '285285000': 'angle',
  '42798000': 'area',
  'G-A166': 'area',
}
const derived: Record<string, Name> = {
  '373098007': 'mean',
  'R-00317': 'mean',
  '386136009': 'sd',
  'R-10047': 'sd',
  '255605001': 'min',
  'R-404FB': 'min',
  '56851009': 'max',
  'G-A437': 'max',
}
const isCobb = ({ value }: Concept) => value === '285285000'

function nameOf(item: ContentItem): Name {
  const derivation = item.children.find(({ concept }) => concept?.value === '121401')?.code
  return derived[derivation?.value ?? ''] ?? names[item.concept?.value ?? ''] ?? 'value'
}

interface Drawn {
  instance: string
  frame: number
  graphics: { type: string; points: Point[] }[]
  values: MeasuredValue[]
  cobb: boolean
  words: string
}

/** What kind of ours a drawing is: by what was measured and by its figures. Null where we have none like it. */
function shapeOf({ graphics, values, cobb }: Drawn): { kind: Measurement['kind']; points: Point[] } | null {
  const has = (name: Name) => values.some((value) => value.name === name)
  const all = graphics.flatMap(({ points }) => points)
  const [first] = graphics
  if (!first) return null
  if (has('long-axis') && graphics.length >= 2) return { kind: 'bidirectional', points: all.slice(0, 4) }
  if (cobb && all.length >= 4) return { kind: 'cobb', points: all.slice(0, 4) }
  if (has('angle') && all.length >= 4) return { kind: 'cobb', points: all.slice(0, 4) }
  if (has('angle') && all.length === 3) return { kind: 'angle', points: all }
  if (first.type === 'ELLIPSE' && first.points.length === 4) return { kind: 'ellipse', points: first.points }
  if (first.type === 'CIRCLE' && first.points.length === 2) {
    const [[x, y], [u, v]] = first.points as [Point, Point]
    const r = Math.hypot(u - x, v - y)
    return {
      kind: 'ellipse',
      points: [
        [x - r, y],
        [x + r, y],
        [x, y - r],
        [x, y + r],
      ],
    }
  }
  if (first.type === 'POINT' || first.type === 'MULTIPOINT')
    return { kind: values.length > 0 ? 'probe' : 'text', points: first.points.slice(0, 1) }
  if (first.points.length === 2) return { kind: values.length > 0 ? 'length' : 'arrow', points: first.points }
  if (first.points.length === 5 && isRectangle(first.points))
    return { kind: 'rectangle', points: [first.points[0]!, first.points[2]!] }
  return null
}

const isRectangle = (points: Point[]) =>
  points
    .slice(1)
    .every(([x, y], i) => Math.abs(x - points[i]![0]) < 0.01 || Math.abs(y - points[i]![1]) < 0.01)

/** Whether a measurement was read from a stored document, by its id. */
export const isSaved = (id: string): boolean => /^[\d.]+-[gn]\d+$/.test(id)

/**
 * The measurements of a report that were drawn on images of this study (PS3.16 TID 300, 320, 1410, 1501), ours and others'. `seriesOf`
 * knows the series of an instance; what is not of the study, or of a shape that we do not draw, stays text in the tree.
 */
export function reportMeasurements(
  tree: ContentItem,
  document: string,
  seriesOf: (instance: string) => string | undefined,
): Measurement[] {
  const groups = new Map<string, Drawn>()
  let counted = 0
  const collect = (item: ContentItem, group: string, words: string) => {
    const isGroup = item.concept?.value === '125007'
    const key = isGroup ? `g${++counted}` : group
    const comment = isGroup
      ? (item.children.find(({ concept }) => concept?.value === '121106')?.value ??
        item.children.find(({ concept }) => concept?.value === '121071')?.value ??
        '')
      : words
    const places = item.type === 'SCOORD' ? [] : item.children.filter(({ type }) => type === 'SCOORD')
    for (const place of places) {
      const image = place.children.find(({ type }) => type === 'IMAGE')?.reference
      if (!image || !place.graphic) continue
      const own = key || `n${++counted}`
      const drawn: Drawn = groups.get(own) ?? {
        instance: image.instance,
        frame: image.frames[0] ?? 1,
        graphics: [],
        values: [],
        cobb: false,
        words: comment || (item.type === 'TEXT' ? item.value : ''),
      }
      const same = JSON.stringify(place.graphic)
      if (!drawn.graphics.some((known) => JSON.stringify(known) === same)) drawn.graphics.push(place.graphic)
      groups.set(own, drawn)
    }
    if (item.measured && places.length > 0) {
      const drawn = [...groups.values()].at(-1)
      drawn?.values.push({
        name: nameOf(item),
        value: item.measured.value,
        unit: item.measured.unit.slice(0, 20),
      })
      if (drawn && item.concept && isCobb(item.concept)) drawn.cobb = true
    }
    for (const child of item.children) if (child.type !== 'SCOORD') collect(child, key, comment)
  }
  collect(tree, '', '')
  return [...groups].flatMap(([key, drawn]): Measurement[] => {
    const series = seriesOf(drawn.instance)
    const shape = shapeOf(drawn)
    if (!series || !shape) return []
    return [
      {
        id: `${document.slice(-40)}-${key}`,
        series,
        instance: drawn.instance,
        frame: drawn.frame,
        ...shape,
        label: drawn.words.slice(0, 200),
        values: drawn.values.slice(0, 8),
        calibrated: drawn.words.includes('人工校准'),
      },
    ]
  })
}
