import type { Preset } from '../display/presets.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { StackState, StackView } from '../stage/stack-view.ts'
import type { TextKey } from '../texts/index.ts'
import { zhCN } from '../texts/zh-CN.ts'

/** A delivered preset's name in the viewer's language; the image's or the person's own as it stands. */
export function presetName(preset: Preset, say: (key: TextKey) => string): string {
  return preset.name in zhCN ? say(preset.name as TextKey) : preset.name
}

/** A line of the list: its key where it has one, its name, width and centre. */
export function presetLine(preset: Preset, say: (key: TextKey) => string): string {
  const digits = preset.width < 10 ? 2 : 0
  const short = (value: number) => String(Number(value.toFixed(digits)))
  return [
    /^\d$/.test(preset.key) ? preset.key : '\u2002',
    presetName(preset, say),
    preset.lut === undefined ? `${short(preset.width)}/${short(preset.centre)}` : 'LUT',
  ].join('  ')
}

/** A window, or a VOI LUT in its stead. */
export function applyPreset(view: ImageView, preset: Preset): void {
  if (preset.lut === undefined) view.setWindow(preset.centre, preset.width)
  else if (view.kind === 'stack') (view as StackView).setGrayscale({ kind: 'lut', index: preset.lut })
}

const near = (a: number, b: number, width: number) => Math.abs(a - b) < Math.min(1, width / 50)

/** The preset that a view is at; undefined where it is at none. */
export function presetAt(view: ImageView | null, presets: readonly Preset[]): Preset | undefined {
  const state = view?.state()
  const lut = view?.kind === 'stack' ? (state as StackState).lut : null
  if (lut) return presets.find((one) => one.lut !== undefined && one.lut === lut.index)
  const at = state?.window
  return (
    (at &&
      presets.find(
        (one) =>
          one.lut === undefined &&
          near(at.centre, one.centre, one.width) &&
          near(at.width, one.width, one.width),
      )) ??
    undefined
  )
}
