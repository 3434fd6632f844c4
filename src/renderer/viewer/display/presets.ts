import { type Window, windowBetween } from '../dicom/voi.ts'

/** A window to choose by one key. `name` is a text key, or the image's own explanation. */
export interface Preset {
  key: string
  name: string
  centre: number
  width: number
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

/**
 * The windows on keys 1–9 and 0 for an image: the CT set with the image's own on 9; for others the image's own
 * windows from 1. Key 0 is always the full dynamic range.
 */
export function presetsFor(
  modality: string,
  own: Window[],
  range: { min: number; max: number },
  exact: boolean,
): Preset[] {
  const brought = own.slice(0, modality === 'CT' ? 1 : 9).map((window, i) => ({
    key: modality === 'CT' ? '9' : String(i + 1),
    name: window.explanation || 'preset.default',
    centre: window.centre,
    width: window.width,
  }))
  const full = { key: '0', name: 'preset.full', ...windowBetween(range.min, range.max, exact) }
  return [...(modality === 'CT' ? ct : []), ...brought, full]
}
