import type { KeywordPlace, LabelRule } from '../../../shared/access/index.ts'

/** A rule as it is typed: lists a line each, what belongs to another kind kept while one looks around. */
export interface RuleEntry {
  id: string
  name: string
  label: LabelRule['label']
  active: boolean
  kind: LabelRule['kind']
  ids: string
  names: string
  values: string
  in: readonly KeywordPlace[]
}

const lines = (text: string) => [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)

export function entryOf(rule: LabelRule | null): RuleEntry {
  const empty: RuleEntry = {
    id: crypto.randomUUID().slice(0, 18),
    name: '',
    label: 'sensitive',
    active: true,
    kind: 'patient',
    ids: '',
    names: '',
    values: '',
    in: ['item', 'clinical-info'],
  }
  if (!rule) return empty
  const { id, name, label, active } = rule
  const common = { ...empty, id, name, label, active, kind: rule.kind }
  if (rule.kind === 'patient') return { ...common, ids: rule.ids.join('\n'), names: rule.names.join('\n') }
  return {
    ...common,
    values: rule.values.join('\n'),
    ...(rule.kind === 'keyword' ? { in: rule.in } : {}),
  }
}

/** Not checked yet: the schema says whether it can stand. */
export function ruleOf({ ids, names, values, in: places, ...entry }: RuleEntry): unknown {
  if (entry.kind === 'patient') return { ...entry, ids: lines(ids), names: lines(names) }
  const given = { ...entry, values: lines(values) }
  return entry.kind === 'keyword' ? { ...given, in: [...places] } : given
}
