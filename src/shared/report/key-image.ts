import { z } from 'zod'
import { Uid } from '../study/index.ts'

/**
 * An image that goes into the report as it was looked at (window, zoom, measurements drawn in). `id` is the SHA-256 (hex) of the
 * PNG that the gateway keeps, so that the signature over the report covers its pixels.
 */
export const KeyImage = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  series: Uid,
  instance: Uid,
  frame: z.int().positive(),
  caption: z.string().max(100),
  width: z.int().positive().max(4096),
  height: z.int().positive().max(4096),
})
export type KeyImage = z.infer<typeof KeyImage>

export const KeyImages = z.array(KeyImage).max(12)
