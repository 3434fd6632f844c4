import { isDeepStrictEqual } from 'node:util'
import type { LabelRule, LabelRules, Sensitivity } from '../../shared/access/index.ts'

/** What a change of the rules changed. Audit detail is sealed, and the VIP list may stand in it. */
export interface RuleChanges {
  added: LabelRule[]
  removed: LabelRule[]
  changed: { from: LabelRule; to: LabelRule }[]
  fields: Record<string, { from: Sensitivity; to: Sensitivity }>
}

export function changedRules(before: LabelRules, after: LabelRules): RuleChanges {
  const was = new Map(before.rules.map((rule) => [rule.id, rule]))
  const is = new Map(after.rules.map((rule) => [rule.id, rule]))
  const fields = (Object.keys(after.fields) as (keyof LabelRules['fields'])[]).flatMap((field) => {
    const [from, to] = [before.fields[field], after.fields[field]]
    return from === to ? [] : [[field, { from, to }] as const]
  })
  return {
    added: after.rules.filter(({ id }) => !was.has(id)),
    removed: before.rules.filter(({ id }) => !is.has(id)),
    changed: after.rules.flatMap((to) => {
      const from = was.get(to.id)
      return from && !isDeepStrictEqual(from, to) ? [{ from, to }] : []
    }),
    fields: Object.fromEntries(fields),
  }
}
