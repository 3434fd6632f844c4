import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DictionaryTerm, MeasuredLevel } from '../../../shared/critical/model.ts'
import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { CheckField, ChoiceField, WordsField } from '../fields/field.tsx'
import { problemText } from '../fields/mistake-words.ts'
import { put, removed, replaced } from '../fields/put.ts'
import { useLevelChoices } from './entry-words.ts'
import { newThreshold } from './term.ts'
import { ThresholdFields } from './threshold-fields.tsx'

interface TermConditionsProps {
  term: DictionaryTerm
  onChange: (term: DictionaryTerm, part: string) => void
  mistakes: Mistakes
  problems: ReadonlyMap<string, DictionaryProblem>
  /** `terms.3` */
  path: string
  disabled: boolean
}

/** When a way of writing is critical, and how much, beyond that it is written. */
export function TermConditions(props: TermConditionsProps) {
  const { term, onChange, mistakes, problems, path, disabled } = props
  const { t } = useTranslation()
  const { requires, measuredLevels = [], notWithin = [] } = term
  const complaintAt = (at: string) => {
    const problem = problems.get(`${path}.${at}`)
    return problem && problemText(t, problem)
  }
  const setLevels = (levels: MeasuredLevel[], part: string) =>
    onChange(put(term, 'measuredLevels', levels.length > 0 ? levels : undefined), part)
  const outside = [...problems].find(([at]) => at.startsWith(`${path}.notWithin.`))?.[1]
  return (
    <div className="term-conditions" data-testid="term-conditions">
      <div className="term-condition">
        <CheckField
          label={t('dictionary.term.requires')}
          checked={requires !== undefined}
          onChange={(checked) => onChange(put(term, 'requires', checked ? newThreshold : undefined), 'needs')}
          disabled={disabled}
          testId="term-requires"
        />
        {requires && (
          <ThresholdFields
            threshold={requires}
            onChange={(threshold, part) => onChange({ ...term, requires: threshold }, `requires.${part}`)}
            mistakes={mistakes}
            path={`${path}.requires`}
            complaint={complaintAt('requires')}
            disabled={disabled}
          />
        )}
      </div>
      {measuredLevels.map((rule, at) => (
        <MeasuredLevelFields
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no name of their own, and their fields follow their values
          key={at}
          rule={rule}
          mistakes={mistakes}
          path={`${path}.measuredLevels.${at}`}
          complaint={complaintAt('measuredLevels')}
          disabled={disabled}
          onChange={(next, part) =>
            setLevels(replaced(measuredLevels, at, next), `measuredLevels.${at}.${part}`)
          }
          onRemove={() => setLevels(removed(measuredLevels, at), 'levels')}
        />
      ))}
      {!disabled && measuredLevels.length < 10 && (
        <div className="term-condition">
          <Button
            size="small"
            onClick={() =>
              setLevels(
                [...measuredLevels, { threshold: newThreshold, reached: 'red', below: 'orange' }],
                'levels',
              )
            }
          >
            {t('dictionary.term.addLevel')}
          </Button>
        </div>
      )}
      <WordsField
        label={t('dictionary.term.notWithin')}
        value={notWithin}
        onChange={(list) =>
          onChange(put(term, 'notWithin', list.length > 0 ? [...list] : undefined), 'notWithin')
        }
        placeholder={t('dictionary.term.notWithinHint')}
        mistake={[...mistakes].find(([at]) => at.startsWith(`${path}.notWithin`))?.[1]}
        complaint={outside && problemText(t, outside)}
        disabled={disabled}
      />
    </div>
  )
}

function MeasuredLevelFields(props: {
  rule: MeasuredLevel
  onChange: (rule: MeasuredLevel, part: string) => void
  onRemove: () => void
  mistakes: Mistakes
  path: string
  complaint: string | undefined
  disabled: boolean
}) {
  const { rule, onChange, mistakes, path, disabled } = props
  const { t } = useTranslation()
  const levels = useLevelChoices()
  return (
    <div className="term-condition" data-testid="measured-level">
      <span className="quiet">{t('dictionary.term.measuredLevel')}</span>
      <ThresholdFields
        threshold={rule.threshold}
        onChange={(threshold, part) => onChange({ ...rule, threshold }, part)}
        mistakes={mistakes}
        path={`${path}.threshold`}
        complaint={props.complaint}
        disabled={disabled}
      />
      <ChoiceField
        bare
        label={t('dictionary.term.reached')}
        value={rule.reached}
        onChange={(reached) => onChange({ ...rule, reached }, 'reached')}
        choices={levels}
        disabled={disabled}
      />
      <span className="quiet">{t('dictionary.term.else')}</span>
      <ChoiceField
        bare
        label={t('dictionary.term.below')}
        value={rule.below}
        onChange={(below) => onChange({ ...rule, below }, 'below')}
        choices={levels}
        disabled={disabled}
      />
      <WordsField
        bare
        className="dict-grow"
        label={t('dictionary.term.where')}
        value={rule.where ?? []}
        onChange={(list) => onChange(put(rule, 'where', list.length > 0 ? [...list] : undefined), 'where')}
        placeholder={t('dictionary.term.whereHint')}
        mistake={[...mistakes].find(([at]) => at.startsWith(`${path}.where`))?.[1]}
        disabled={disabled}
      />
      {!disabled && (
        <Button size="small" onClick={props.onRemove}>
          {t('dictionary.remove')}
        </Button>
      )}
    </div>
  )
}
