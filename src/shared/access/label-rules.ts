import { z } from 'zod'
import { FieldLabels } from './fields.ts'
import { Sensitivity, strictest } from './sensitivity.ts'

const text = (max: number) => z.string().trim().min(1).max(max)
const list = (most: number, max = 64) => z.array(text(max)).max(most)
const some = (most: number, max?: number) => list(most, max).min(1)

const rule = {
  /** Chosen by who made it, and kept: history and counts name it. */
  id: z.string().regex(/^[\w-]{1,32}$/),
  name: text(60),
  label: Sensitivity.exclude(['general']),
  active: z.boolean(),
}

/** Where a keyword is looked for: the exam's item, the clinical information of the order, the text of the report. */
export const KeywordPlace = z.enum(['item', 'clinical-info', 'report'])
export type KeywordPlace = z.infer<typeof KeywordPlace>

/**
 * One rule that labels by itself. `patient` is the VIP list: patient ids, merged ones included, and whole names. The others hold
 * where any value is the same, but for case and width; a keyword where it stands anywhere in a text.
 */
export const LabelRule = z.discriminatedUnion('kind', [
  z
    .strictObject({ ...rule, kind: z.literal('patient'), ids: list(2000), names: list(2000) })
    .refine(({ ids, names }) => ids.length + names.length > 0, { path: ['ids'], message: 'no patient' }),
  z.strictObject({ ...rule, kind: z.literal('department'), values: some(200) }),
  z.strictObject({ ...rule, kind: z.literal('ward'), values: some(200) }),
  z.strictObject({ ...rule, kind: z.literal('item-code'), values: some(500, 128) }),
  z.strictObject({
    ...rule,
    kind: z.literal('keyword'),
    in: z.array(KeywordPlace).min(1),
    values: some(200),
  }),
])
export type LabelRule = z.infer<typeof LabelRule>

/** All rules of a hospital, and the labels of fields. A version is one of these. */
export const LabelRules = z.strictObject({
  rules: z
    .array(LabelRule)
    .max(300)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'an id stands twice')
    .default([]),
  fields: FieldLabels.prefault({}),
})
export type LabelRules = z.infer<typeof LabelRules>

/** What of an exam the rules look at. */
export interface LabelledFacts {
  patientId: string
  patientName: string
  department: string
  ward: string
  itemCode: string
  itemName: string
  clinicalInfo: string
}

/** Rules made ready to be asked a hundred thousand times. */
export interface CompiledRules {
  fields: FieldLabels
  labelOf(facts: LabelledFacts): Sensitivity
  /** Ids of the active rules that hold. */
  rulesFor(facts: LabelledFacts): string[]
  /** The label of a text, by the keywords for reports. */
  labelOfText(text: string): Sensitivity
}

const fold = (value: string) => value.normalize('NFKC').toLowerCase().trim()
const folded = (values: readonly string[]) => values.map(fold)

/**
 * @param survivorOf the id that a person is known by now: whoever was on the list stays on it when the hospital merges ids.
 */
export function compileRules(
  { rules, fields }: LabelRules,
  survivorOf: (patientId: string) => string = (id) => id,
): CompiledRules {
  const active = rules.filter((each) => each.active)
  const exams = active.map((each) => ({ id: each.id, label: each.label, holds: testOf(each, survivorOf) }))
  const holding = (facts: LabelledFacts) => {
    if (exams.length === 0) return []
    const plain = foldedFacts(facts)
    return exams.filter(({ holds }) => holds(plain))
  }
  const texts = active.flatMap((each) =>
    each.kind === 'keyword' && each.in.includes('report')
      ? [{ label: each.label, words: folded(each.values) }]
      : [],
  )
  return {
    fields,
    labelOf: (facts) => strictest(holding(facts).map(({ label }) => label)),
    rulesFor: (facts) => holding(facts).map(({ id }) => id),
    labelOfText(given) {
      const plain = fold(given)
      return strictest(
        texts.flatMap(({ words, label }) => (words.some((word) => plain.includes(word)) ? label : [])),
      )
    },
  }
}

/** Folded but for the patient id, which is told apart as it is. */
function foldedFacts({ patientId, ...facts }: LabelledFacts): LabelledFacts {
  return {
    patientId,
    patientName: fold(facts.patientName),
    department: fold(facts.department),
    ward: fold(facts.ward),
    itemCode: fold(facts.itemCode),
    itemName: fold(facts.itemName),
    clinicalInfo: fold(facts.clinicalInfo),
  }
}

/** For rules that cannot be read: everything is most restricted until they can. */
export const lockedRules: CompiledRules = {
  fields: {
    patientName: 'highly-sensitive',
    patientId: 'highly-sensitive',
    birthDate: 'highly-sensitive',
    phone: 'highly-sensitive',
    clinicalInfo: 'highly-sensitive',
    staffNumber: 'highly-sensitive',
  },
  labelOf: () => 'highly-sensitive',
  rulesFor: () => [],
  labelOfText: () => 'highly-sensitive',
}

/** Of facts that are folded. */
function testOf(
  each: LabelRule,
  survivorOf: (patientId: string) => string,
): (facts: LabelledFacts) => boolean {
  switch (each.kind) {
    case 'patient': {
      const ids = new Set(each.ids.flatMap((id) => [id, survivorOf(id)]))
      const names = new Set(folded(each.names))
      return ({ patientId, patientName }) =>
        (patientId !== '' && (ids.has(patientId) || ids.has(survivorOf(patientId)))) ||
        (names.size > 0 && patientName !== '' && names.has(patientName))
    }
    case 'keyword': {
      const words = folded(each.values)
      const [item, clinical] = [each.in.includes('item'), each.in.includes('clinical-info')]
      if (!item && !clinical) return () => false
      return ({ itemName, clinicalInfo }) => {
        const plain = `${item ? itemName : ''}\n${clinical ? clinicalInfo : ''}`
        return words.some((word) => plain.includes(word))
      }
    }
    case 'item-code': {
      const codes = new Set(folded(each.values))
      // Of several items under one accession number the codes are joined.
      return ({ itemCode }) => itemCode !== '' && itemCode.split('+').some((code) => codes.has(code))
    }
    default: {
      const values = new Set(folded(each.values))
      const key = each.kind
      return (facts) => facts[key] !== '' && values.has(facts[key])
    }
  }
}
