import { z } from 'zod'

/** How soon a critical value must reach a clinician: red within minutes by spoken contact, orange within the hour, yellow the same day. */
export const CriticalLevel = z.enum(['red', 'orange', 'yellow'])
export type CriticalLevel = z.infer<typeof CriticalLevel>
