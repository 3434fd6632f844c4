import { z } from 'zod'

/** Sensitivity labels (敏感标记), from the least to the most restricted; an account's clearance is one of them. */
export const Sensitivity = z.enum(['general', 'sensitive', 'highly-sensitive'])
export type Sensitivity = z.infer<typeof Sensitivity>

const rank = (level: Sensitivity) => Sensitivity.options.indexOf(level)

/** Whether a person of this clearance may see what bears the label. */
export function isCleared(clearance: Sensitivity, label: Sensitivity): boolean {
  return rank(clearance) >= rank(label)
}

/** The more restricted of labels from several places; `general` where there is none. */
export function strictest(labels: readonly Sensitivity[]): Sensitivity {
  return labels.reduce<Sensitivity>((most, label) => (rank(label) > rank(most) ? label : most), 'general')
}
