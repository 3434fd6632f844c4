import { useTranslation } from 'react-i18next'
import type { Threshold } from '../../../shared/critical/model.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { ChoiceField, NumberField, WordsField } from '../fields/field.tsx'
import { unitNames } from './term.ts'

interface ThresholdFieldsProps {
  threshold: Threshold
  onChange: (threshold: Threshold, part: string) => void
  mistakes: Mistakes
  /** Where its fields stand in the entry, e.g. `terms.0.requires`. */
  path: string
  complaint?: string | undefined
  disabled: boolean
}

const units = Object.entries(unitNames) as [Threshold['unit'], string][]

/** What is measured, and from how much on. */
export function ThresholdFields(props: ThresholdFieldsProps) {
  const { threshold, onChange, mistakes, path, disabled } = props
  const { t } = useTranslation()
  const measures =
    mistakes.get(`${path}.measures`) ??
    [...mistakes].find(([each]) => each.startsWith(`${path}.measures.`))?.[1]
  return (
    <>
      <WordsField
        bare
        className="dict-grow"
        label={t('dictionary.term.measures')}
        value={threshold.measures}
        onChange={(list) => onChange({ ...threshold, measures: [...list] }, 'measures')}
        placeholder={t('dictionary.term.measuresHint')}
        mistake={measures && { kind: 'required' }}
        disabled={disabled}
      />
      <span>≥</span>
      <NumberField
        bare
        className="dict-amount"
        label={t('dictionary.term.atLeast')}
        value={Number.isNaN(threshold.atLeast) ? undefined : threshold.atLeast}
        onChange={(value) => onChange({ ...threshold, atLeast: value ?? Number.NaN }, 'atLeast')}
        mistake={mistakes.get(`${path}.atLeast`)}
        complaint={props.complaint}
        disabled={disabled}
      />
      <ChoiceField
        bare
        label={t('dictionary.term.unit')}
        value={threshold.unit}
        onChange={(unit) => onChange({ ...threshold, unit }, 'unit')}
        choices={units}
        disabled={disabled}
      />
    </>
  )
}
