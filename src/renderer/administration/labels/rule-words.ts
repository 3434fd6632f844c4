import type { LabelRule, RuleChanges } from '../../../shared/access/index.ts'
import type { Translate } from '../../i18n/index.ts'

/** What a rule goes by, in a line. Of patients how many: their names stand in the dialog only. */
export function contentText(t: Translate, rule: LabelRule): string {
  if (rule.kind === 'patient') return t('labels.rules.counted', { n: rule.ids.length + rule.names.length })
  const values = rule.values.join('、')
  if (rule.kind !== 'keyword') return values
  return `${values}（${rule.in.map((place) => t(`labels.rules.place.${place}`)).join('、')}）`
}

/** Each change in a few words. */
export function changeWords(t: Translate, { added, removed, changed, fields }: RuleChanges): string[] {
  return [
    ...added.map(({ name }) => t('labels.history.added', { name })),
    ...changed.map(({ to }) => t('labels.history.changed', { name: to.name })),
    ...removed.map(({ name }) => t('labels.history.removed', { name })),
    ...fields.map(({ field, from, to }) =>
      t('labels.history.field', {
        field: t(`labels.rules.field.${field}`),
        from: t(`labels.sensitivity.${from}`),
        to: t(`labels.sensitivity.${to}`),
      }),
    ),
  ]
}
