import { z } from 'zod'

/** Which series a pane takes: the first that fits, of the exam itself or of its nth likeliest prior. */
export const SeriesRule = z.strictObject({
  /** 0 is the exam itself, 1 the likeliest prior. */
  study: z.int().min(0).max(3),
  /** Words of the series description, any of them; case does not count. Empty fits all. */
  description: z.array(z.string().min(1).max(40)).max(10).default([]),
  plane: z.enum(['any', 'axial', 'coronal', 'sagittal']).default('any'),
  /** The nth of those that fit, from 0. */
  nth: z.int().min(0).max(20).default(0),
  /** What the pane shows it as. */
  as: z.enum(['stack', 'mpr-axial', 'mpr-coronal', 'mpr-sagittal', 'mip']).default('stack'),
  /** A window preset's key; null as the image brings. */
  preset: z.string().max(2).nullable().default(null),
})
export type SeriesRule = z.infer<typeof SeriesRule>

/** How the images of an exam are put on the screen when it opens (PS3.3 C.23 in idea, not in form). */
export const HangingProtocol = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(30),
  /** Of any of these; empty fits all. */
  modalities: z.array(z.string().max(16)).max(10),
  /** Words of body part or exam item, any of them; empty fits all. */
  bodyParts: z.array(z.string().max(40)).max(20),
  /** Only where there is a prior to compare with. */
  needsPrior: z.boolean(),
  rows: z.int().min(1).max(4),
  columns: z.int().min(1).max(4),
  /** Row by row; null leaves a pane free for what is not shown yet. */
  panes: z.array(SeriesRule.nullable()).max(16),
})
export type HangingProtocol = z.infer<typeof HangingProtocol>

export const HangingSettings = z.strictObject({
  /** The person's own; tried in order before the delivered ones. */
  protocols: z.array(HangingProtocol).max(60).default([]),
})
export type HangingSettings = z.infer<typeof HangingSettings>
