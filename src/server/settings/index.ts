export { createUserSettings } from './user-settings.ts'
