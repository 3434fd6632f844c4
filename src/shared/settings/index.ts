import { z } from 'zod'
import { HangingSettings } from './hanging.ts'
import { KeySettings } from './keys.ts'
import { PhraseSettings, TemplateSettings } from './report.ts'
import { ViewerSettings } from './viewer.ts'
import { WorklistSettings } from './worklist.ts'

export * from './hanging.ts'
export * from './keys.ts'
export * from './report.ts'
export * from './viewer.ts'
export * from './worklist.ts'

/** How one person works, kept on the gateway so that it is the same at every desk. An area that is absent is as delivered. */
export const settings = {
  worklist: WorklistSettings,
  hanging: HangingSettings,
  keys: KeySettings,
  viewer: ViewerSettings,
  phrases: PhraseSettings,
  templates: TemplateSettings,
} as const

export const SettingsArea = z.enum(['worklist', 'hanging', 'keys', 'viewer', 'phrases', 'templates'])
export type SettingsArea = z.infer<typeof SettingsArea>

export const UserSettings = z.object(settings).partial()
export type UserSettings = z.infer<typeof UserSettings>
