import { HangingSettings, ViewerSettings } from '../../../shared/settings/index.ts'
import type { KeyBindings } from './use-image-keys.ts'

/** How the person looks at images, and where a change of it goes; the promises reject where it was not kept. */
export interface ViewerPreferences {
  viewer: ViewerSettings
  hanging: HangingSettings
  /** The person's own keys, for the hints beside buttons (src/shared/settings/keys.ts). */
  keys?: KeyBindings
  changeViewer(next: ViewerSettings): Promise<void>
  changeHanging(next: HangingSettings): Promise<void>
}

/** As delivered, for a host that keeps nothing. */
export const deliveredPreferences: ViewerPreferences = {
  viewer: ViewerSettings.parse({}),
  hanging: HangingSettings.parse({}),
  changeViewer: async () => {},
  changeHanging: async () => {},
}
