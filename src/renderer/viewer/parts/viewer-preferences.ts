import { HangingSettings, ViewerSettings } from '../../../shared/settings/index.ts'

/** How the person looks at images, and where a change of it goes; the promises reject where it was not kept. */
export interface ViewerPreferences {
  viewer: ViewerSettings
  hanging: HangingSettings
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
