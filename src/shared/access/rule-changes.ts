import { ProtectedField } from './fields.ts'
import type { LabelRule, LabelRules } from './label-rules.ts'
import type { Sensitivity } from './sensitivity.ts'

/** What separates two versions of the rules. */
export interface RuleChanges {
  added: LabelRule[]
  removed: LabelRule[]
  changed: { from: LabelRule; to: LabelRule }[]
  fields: { field: ProtectedField; from: Sensitivity; to: Sensitivity }[]
}

const same = (a: LabelRule, b: LabelRule) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
const sorted = (rule: LabelRule) => Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1))

export function changedRules(before: LabelRules, after: LabelRules): RuleChanges {
  const was = new Map(before.rules.map((rule) => [rule.id, rule]))
  const is = new Set(after.rules.map(({ id }) => id))
  return {
    added: after.rules.filter(({ id }) => !was.has(id)),
    removed: before.rules.filter(({ id }) => !is.has(id)),
    changed: after.rules.flatMap((to) => {
      const from = was.get(to.id)
      return from && !same(from, to) ? [{ from, to }] : []
    }),
    fields: ProtectedField.options.flatMap((field) => {
      const [from, to] = [before.fields[field], after.fields[field]]
      return from === to ? [] : [{ field, from, to }]
    }),
  }
}

export const countOf = ({ added, removed, changed, fields }: RuleChanges) =>
  added.length + removed.length + changed.length + fields.length
