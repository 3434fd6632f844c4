import type { Preset } from '../display/presets.ts'
import type { TextKey } from '../texts/index.ts'
import { zhCN } from '../texts/zh-CN.ts'

/** A delivered preset's name in the viewer's language; the image's or the person's own as it stands. */
export function presetName(preset: Preset, say: (key: TextKey) => string): string {
  return preset.name in zhCN ? say(preset.name as TextKey) : preset.name
}
