import { z } from 'zod'
import { AlertId, Clinician } from '../../../shared/alert/index.ts'

/** What the other side says about an alert, whichever way it came. */
export const Reply = z.object({
  /** The sender's own id of the answer; the same answer may come twice, and by two ways. */
  id: z.string().min(1).max(80),
  alertId: AlertId,
  /** `received`: somebody has read it. `handled`: somebody did something about it. */
  step: z.enum(['received', 'handled']),
  by: Clinician,
  readBack: z.boolean(),
  /** What was done, and the clinician's own words; empty for `received`. */
  measure: z.string().max(500),
  opinion: z.string().max(500),
  /** When, by the other side's clock; epoch ms. */
  at: z.number(),
})
export type Reply = z.infer<typeof Reply>
