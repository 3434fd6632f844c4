import { z } from 'zod'
import { Measurement } from '../measurement/index.ts'
import { Uid } from '../study/index.ts'
import type { Route } from './route.ts'

/** How one image is to be shown (a Grayscale Softcopy Presentation State says the same). Null as the image brings. */
export const PresentedImage = z.object({
  series: Uid,
  instance: Uid,
  sopClassUid: z.string().max(64),
  frame: z.int().positive(),
  window: z.object({ centre: z.number(), width: z.number().positive() }).nullable(),
  inverted: z.boolean(),
  /** Degrees clockwise: 0, 90, 180, 270; then mirrored left to right where `flipped`. */
  rotation: z.int().min(0).max(270).multipleOf(90),
  flipped: z.boolean(),
})
export type PresentedImage = z.infer<typeof PresentedImage>

export const measurementsApi = {
  /**
   * Keeps measurements with the study, as DICOM: a Comprehensive SR (TID 1500) or a presentation state (PS3.3 A.33.1), written by
   * the gateway and stored by STOW-RS where the archive takes it. `store-refused` where it does not.
   */
  storeMeasurements: {
    method: 'POST',
    path: '/v1/studies/:study/measurements',
    principal: 'session',
    permission: 'measurement.store',
    params: z.object({ study: Uid }),
    body: z.strictObject({
      as: z.enum(['structured-report', 'presentation-state']),
      label: z.string().trim().max(64),
      measurements: z.array(Measurement).max(500),
      /** For a presentation state: the images it is about. */
      images: z.array(PresentedImage).max(500).default([]),
    }),
    bodyLimit: 1_048_576,
    response: z.object({ seriesInstanceUid: Uid, sopInstanceUid: Uid }),
  },
} as const satisfies Record<string, Route>
