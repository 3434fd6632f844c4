import { z } from 'zod'

/** A person's own keys: action id to chords (`Ctrl+Enter`, `F8`, `w`); an empty list takes the key off. */
export const KeySettings = z.strictObject({
  bindings: z.record(z.string().max(60), z.array(z.string().min(1).max(40)).max(3)).default({}),
})
export type KeySettings = z.infer<typeof KeySettings>
