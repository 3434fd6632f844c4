import { type Window, windowBetween } from '../dicom/voi.ts'

/**
 * A window to choose by one key. `name` is a text key, or the image's own explanation. What has found no digit free is chosen from the
 * list alone; its key is a letter and a number.
 */
export interface Preset {
  key: string
  name: string
  centre: number
  width: number
  /** A VOI LUT of the image instead of a window: its place among them, from 0. */
  lut?: number
}

const ct: Preset[] = [
  { key: '1', name: 'preset.brain', centre: 40, width: 80 },
  { key: '2', name: 'preset.bone', centre: 500, width: 2000 },
  { key: '3', name: 'preset.lung', centre: -600, width: 1500 },
  { key: '4', name: 'preset.mediastinum', centre: 40, width: 350 },
  { key: '5', name: 'preset.abdomen', centre: 50, width: 400 },
  { key: '6', name: 'preset.liver', centre: 60, width: 150 },
  { key: '7', name: 'preset.stroke', centre: 35, width: 40 },
  { key: '8', name: 'preset.vessel', centre: 200, width: 600 },
]

/** A person's own preset: it takes the place of the delivered one on its key. */
export interface OwnPreset extends Preset {
  modality: string
}

/** Where the image brings one window, a harder and a softer one beside it; of activity (PT) parts of the range from nothing up. */
function besides(modality: string, first: { centre: number; width: number }, max: number): Preset[] {
  if (modality === 'PT')
    return max > 0
      ? [2, 4, 8].map((part, i) => ({
          key: String(i + 2),
          name: `preset.pt-${part}`,
          centre: max / part / 2,
          width: max / part,
        }))
      : []
  const { centre, width } = first
  if (width <= 0) return []
  return [
    { key: '7', name: 'preset.hard', centre, width: width * 0.6 },
    { key: '8', name: 'preset.soft', centre, width: width * 1.6 },
  ]
}

/**
 * The windows on keys 1–9 and 0 for an image: the CT set with the image's own on 9; for others the image's own windows from 1, and a
 * harder and a softer one on 7 and 8; its VOI LUTs follow. Key 0 is always the full dynamic range. The person's own stand in for those on their keys.
 */
export function presetsFor(
  modality: string,
  own: Window[],
  range: { min: number; max: number },
  exact: boolean,
  persons: readonly OwnPreset[] = [],
  luts: readonly string[] = [],
): Preset[] {
  const digit = (i: number) => (modality === 'CT' ? (i === 0 ? '9' : null) : i < 9 ? String(i + 1) : null)
  const brought = own.map(
    (window, i): Preset => ({
      key: digit(i) ?? `w${i + 1}`,
      name: window.explanation || 'preset.default',
      centre: window.centre,
      width: window.width,
    }),
  )
  const tables = luts.map(
    (name, i): Preset => ({
      key: (own.length + i < 6 || i === 0 ? digit(own.length + i) : null) ?? `l${i + 1}`,
      name: name || `VOI LUT ${i + 1}`,
      centre: 0,
      width: 0,
      lut: i,
    }),
  )
  const whole = windowBetween(range.min, range.max, exact)
  const delivered = modality === 'CT' ? ct : besides(modality, brought[0] ?? whole, range.max)
  const byKey = new Map<string, Preset>()
  for (const preset of [...delivered, ...brought, ...tables, { key: '0', name: 'preset.full', ...whole }])
    byKey.set(preset.key, preset)
  for (const { key, name, centre, width, modality: of } of persons)
    if (of === modality) byKey.set(key, { key, name, centre, width })
  // 1 to 9, then 0, as the keys lie; then what has no key.
  const place = ({ key }: Preset) => (/^\d$/.test(key) ? Number(key) || 10 : 11)
  return [...byKey.values()].toSorted((a, b) => place(a) - place(b))
}
