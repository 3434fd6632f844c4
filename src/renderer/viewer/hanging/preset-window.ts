import { presetsFor } from '../display/presets.ts'

/** The window of a preset that does not depend on the image: keys 1 to 8 of CT. Null for every other. */
export function presetWindow(modality: string, key: string | null): { centre: number; width: number } | null {
  if (key === null || !/^[1-8]$/.test(key)) return null
  const preset = presetsFor(modality, [], { min: 0, max: 0 }, false).find((one) => one.key === key)
  return preset ? { centre: preset.centre, width: preset.width } : null
}
