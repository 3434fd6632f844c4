import { z } from 'zod'

/** Window presets of the person's own, by modality; in the place of the delivered ones on the same key. */
const OwnPreset = z.strictObject({
  modality: z.string().min(1).max(16),
  key: z.string().regex(/^[0-9]$/),
  name: z.string().trim().min(1).max(20),
  centre: z.number(),
  width: z.number().positive(),
})

export const ViewerSettings = z.strictObject({
  presets: z.array(OwnPreset).max(100).default([]),
  /** What the left mouse button does at first. */
  leftTool: z.string().max(30).default('window'),
  /** What moves together in panes of one patient. */
  linked: z.strictObject({ scroll: z.boolean(), window: z.boolean(), zoom: z.boolean() }).default({
    scroll: true,
    window: false,
    zoom: false,
  }),
  crosslines: z.boolean().default(true),
  overlays: z.boolean().default(true),
  /** Names and numbers in the corners of the images. */
  cornerText: z.enum(['full', 'short', 'none']).default('full'),
})
export type ViewerSettings = z.infer<typeof ViewerSettings>
