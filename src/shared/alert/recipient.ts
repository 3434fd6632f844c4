import { z } from 'zod'
import { RecipientKind } from '../critical/rules.ts'

const text = (max: number) => z.string().trim().max(max)

/** Who an alert, or a hop of its escalation, is addressed to. Empty is what nobody gave. */
export const Recipient = z.object({
  kind: RecipientKind,
  /** The ward's, the doctor's or the office's name. */
  name: text(60),
  department: text(40),
  /** The hospital's own code of the recipient. */
  code: text(32),
  phone: text(24),
})
export type Recipient = z.infer<typeof Recipient>
