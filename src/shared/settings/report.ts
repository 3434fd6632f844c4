import { z } from 'zod'
import { ReportSection } from '../critical/model.ts'

/** A phrase that an abbreviation stands for; `|` in the text is where the cursor goes. */
export const Phrase = z.strictObject({
  abbreviation: z.string().trim().min(1).max(20),
  text: z.string().min(1).max(1000),
  /** Empty for all. */
  modality: z.string().max(16).default(''),
})
export type Phrase = z.infer<typeof Phrase>

export const PhraseSettings = z.strictObject({ phrases: z.array(Phrase).max(500).default([]) })
export type PhraseSettings = z.infer<typeof PhraseSettings>

/**
 * The text that a report of an exam begins with. Fields stand in it: `[[大小]]` is one to fill in, `[[左|右|双]]` one to pick
 * from; Tab goes from one to the next.
 */
export const ReportTemplate = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(40),
  modality: z.string().max(16),
  /** Words of body part or exam item, any of them; empty fits all. */
  bodyParts: z.array(z.string().max(40)).max(20),
  /** Empty for both. */
  sex: z.enum(['', 'M', 'F']).default(''),
  findings: z.string().max(8000),
  impression: z.string().max(4000),
})
export type ReportTemplate = z.infer<typeof ReportTemplate>

export const TemplateSettings = z.strictObject({
  templates: z.array(ReportTemplate).max(300).default([]),
  /** Sections in which a phrase is looked for by its abbreviation while typing. */
  expandIn: z.array(ReportSection).default(['findings', 'impression']),
})
export type TemplateSettings = z.infer<typeof TemplateSettings>
