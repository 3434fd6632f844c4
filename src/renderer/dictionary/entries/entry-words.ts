import { useTranslation } from 'react-i18next'
import { CriticalLevel, type DictionaryEntry } from '../../../shared/critical/model.ts'
import { RecipientKind } from '../../../shared/critical/rules.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Choice } from '../fields/field.tsx'

export function useLevelChoices(): Choice<CriticalLevel>[] {
  const { t } = useTranslation()
  return CriticalLevel.options.map((level) => [level, t(`level.${level}`)])
}

export function useRecipientChoices(): Choice<RecipientKind>[] {
  const { t } = useTranslation()
  return RecipientKind.options.map((kind) => [kind, t(`dictionary.recipients.${kind}`)])
}

/** CT、MR · 女 · 18–60 岁; empty where it is for every exam. */
export function scopeText(t: Translate, { scope }: Pick<DictionaryEntry, 'scope'>): string {
  if (!scope) return ''
  const { modalities = [], bodyParts = [], patientClasses = [], sex, age } = scope
  const classes = patientClasses.map((each) => t(`patientClass.${each}`))
  return [
    modalities.join('、'),
    bodyParts.join('、'),
    classes.join('、'),
    sex && t(`dictionary.entry.sexes.${sex}`),
    age && t('dictionary.entry.ageText', { from: age.from ?? 0, to: age.to ?? '∞' }),
  ]
    .filter(Boolean)
    .join(' · ')
}
