import { z } from 'zod'
import { SettingsArea, UserSettings } from '../settings/index.ts'
import type { Route } from './route.ts'

export const settingsApi = {
  /** How the person works, as far as they changed it. */
  settings: {
    method: 'GET',
    path: '/v1/settings',
    principal: 'session',
    permission: 'settings.own',
    response: z.object({ settings: UserSettings }),
  },
  /** One area, whole; `value` is checked by the area's own schema. The last save wins. Null goes back to what was delivered. */
  saveSettings: {
    method: 'PUT',
    path: '/v1/settings/:area',
    principal: 'session',
    permission: 'settings.own',
    params: z.object({ area: SettingsArea }),
    body: z.strictObject({ value: z.unknown() }),
    bodyLimit: 1_048_576,
    response: z.object({}),
  },
} as const satisfies Record<string, Route>
