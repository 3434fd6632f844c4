import { z } from 'zod'
import { ReportTemplate } from '../../../shared/settings/index.ts'

const Exchange = z.strictObject({
  schema: z.literal('vigil/templates/v1'),
  templates: z.array(ReportTemplate).max(300),
})

/** One's templates as a text to hand on. */
export function exportTemplates(templates: readonly ReportTemplate[]): string {
  return JSON.stringify({ schema: 'vigil/templates/v1', templates }, null, 2)
}

/** Templates from such a text, beside one's own: those of the same id are replaced. Null where it is none. */
export function importTemplates(own: readonly ReportTemplate[], text: string): ReportTemplate[] | null {
  const read = Exchange.safeParse(parsed(text))
  if (!read.success) return null
  const come = new Set(read.data.templates.map(({ id }) => id))
  const all = [...read.data.templates, ...own.filter(({ id }) => !come.has(id))]
  return all.length > 300 ? null : all
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
