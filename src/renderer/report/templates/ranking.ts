import type { ExamContext } from '../../../shared/critical/index.ts'
import type { ReportTemplate } from '../../../shared/settings/index.ts'
import { initials } from './initials.ts'

/** Modalities that make the same kind of image. */
const kin: Record<string, string> = { CR: 'DX', DR: 'DX', RG: 'DX', MRI: 'MR' }
const modalityOf = (modality: string) => kin[modality.toUpperCase()] ?? modality.toUpperCase()

/** How well a template suits an exam; null where it is for another modality, part or sex. */
function fitOf(template: ReportTemplate, exam: ExamContext): number | null {
  const { modality, bodyParts, sex, name } = template
  if (modality !== '' && exam.modality !== '' && modalityOf(modality) !== modalityOf(exam.modality))
    return null
  if (sex !== '' && (exam.sex === 'M' || exam.sex === 'F') && sex !== exam.sex) return null
  const where = `${exam.bodyPart} ${exam.itemName}`.toUpperCase()
  const parts = bodyParts.filter((part) => where.includes(part.toUpperCase()))
  if (bodyParts.length > 0 && parts.length === 0) return null
  // 头颅CT平扫 suits an item of that name better than 头颅CT平扫（外伤）does.
  return shared(name, exam.itemName) * 10 + parts.length
}

/** What fits, the best first; of equals one's own, which stand first. */
export function fitting(templates: readonly ReportTemplate[], exam: ExamContext | null): ReportTemplate[] {
  if (!exam) return []
  return templates
    .flatMap((template) => {
      const fit = fitOf(template, exam)
      return fit === null ? [] : [{ template, fit }]
    })
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ template }) => template)
}

/** What fits first, then the rest; with a query only what has it in its name, its initials or its modality. */
export function searched(
  templates: readonly ReportTemplate[],
  exam: ExamContext | null,
  query: string,
): ReportTemplate[] {
  const first = fitting(templates, exam)
  const all = [...first, ...templates.filter((each) => !first.includes(each))]
  const wanted = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter((template) => {
    const words = [template.name, initials(template.name), template.modality, ...template.bodyParts]
    return wanted.every((word) => words.some((each) => each.toLowerCase().includes(word)))
  })
}

/** The share of neighbouring characters that two names have in common, 0 to 1. */
function shared(a: string, b: string): number {
  const pairs = (name: string) => {
    const bare = name.toUpperCase().replace(/[\s（）()+、]/g, '')
    return new Set([...bare].slice(1).map((character, index) => `${bare[index]}${character}`))
  }
  const [one, other] = [pairs(a), pairs(b)]
  const both = [...one].filter((pair) => other.has(pair)).length
  return both === 0 ? 0 : (2 * both) / (one.size + other.size)
}
