import { z } from 'zod'
import type { FhirTarget } from '../../../config/index.ts'

const Identifier = z.object({ system: z.string().optional(), value: z.string().optional() })
const Reference = z.object({
  type: z.string().optional(),
  identifier: Identifier.optional(),
  display: z.string().optional(),
})
const Answer = z.object({
  resourceType: z.literal('Communication'),
  id: z.string(),
  status: z.string(),
  partOf: z.array(Reference),
  category: z.array(
    z.object({ coding: z.array(z.object({ system: z.string().optional(), code: z.string() })).default([]) }),
  ),
  sent: z.string(),
  sender: Reference,
  payload: z.array(z.object({ contentString: z.string().optional() })).default([]),
})
const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.object({ resource: z.unknown() })).default([]),
})

/** The search that asks for answers: Communications that are part of the alert's (search parameter `part-of`, by identifier). */
export function replySearch(base: string, alertIds: readonly string[], systems: FhirTarget['systems']): URL {
  const url = new URL(`${base.replace(/\/+$/, '')}/Communication`)
  url.searchParams.set('part-of:identifier', alertIds.map((id) => `${systems.alert}|${id}`).join(','))
  url.searchParams.set('_count', '500')
  return url
}

/**
 * The candidates of answers in a search set. The step is a category of the system `step` (`received`, `handled`; `read-back` beside it
 * where it was repeated); the clinician is the sender; the first payload is the measure, the second the opinion. What is
 * not such an answer is left out. @throws Error `answer-unreadable`
 */
export function readReplies(body: string, systems: FhirTarget['systems']): unknown[] {
  let bundle: z.infer<typeof Bundle>
  try {
    bundle = Bundle.parse(JSON.parse(body))
  } catch {
    throw new Error('answer-unreadable')
  }
  return bundle.entry.flatMap(({ resource }) => {
    const read = Answer.safeParse(resource)
    if (!read.success || read.data.status === 'entered-in-error') return []
    const { id, partOf, category, sent, sender, payload } = read.data
    const steps = category.flatMap(({ coding }) =>
      coding.filter(({ system }) => system === systems.step).map(({ code }) => code),
    )
    const step = steps.find((one) => one === 'received' || one === 'handled')
    // Others may hang messages of their own on an alert.
    if (step === undefined) return []
    const candidate = {
      id,
      alertId: partOf.find(({ identifier }) => identifier?.system === systems.alert)?.identifier?.value,
      step,
      by: {
        id: sender.identifier?.value ?? '',
        name: sender.display ?? '',
        role: sender.type === 'Practitioner' ? 'doctor' : 'other',
      },
      readBack: steps.includes('read-back'),
      measure: payload[0]?.contentString ?? '',
      opinion: payload[1]?.contentString ?? '',
      at: Date.parse(sent),
    }
    return [candidate]
  })
}
