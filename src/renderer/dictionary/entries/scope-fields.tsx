import { useTranslation } from 'react-i18next'
import type { Scope } from '../../../shared/critical/model.ts'
import { PatientClass } from '../../../shared/order/index.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { CheckField, ChoiceField, NumberField, WordsField } from '../fields/field.tsx'
import { put } from '../fields/put.ts'

interface ScopeFieldsProps {
  scope: Scope | undefined
  onChange: (scope: Scope | undefined, mark: string) => void
  mistakes: Mistakes
  ageComplaint: string | undefined
  disabled: boolean
}

/** Which exams an entry is for. Nothing given is every exam. */
export function ScopeFields({ scope = {}, onChange, mistakes, ageComplaint, disabled }: ScopeFieldsProps) {
  const { t } = useTranslation()
  const set = <K extends keyof Scope>(key: K, value: Scope[K] | undefined) => {
    const next = put(scope, key, value)
    onChange(Object.keys(next).length > 0 ? next : undefined, `scope.${key}`)
  }
  const words = (list: readonly string[]) => (list.length > 0 ? [...list] : undefined)
  const wrong = (key: string) =>
    mistakes.get(`scope.${key}`) ?? [...mistakes].find(([path]) => path.startsWith(`scope.${key}.`))?.[1]
  const setAge = (key: 'from' | 'to', value: number | undefined) => {
    const age = put(scope.age ?? {}, key, value)
    set('age', Object.keys(age).length > 0 ? age : undefined)
  }
  const classes = scope.patientClasses ?? []
  return (
    <>
      <WordsField
        label={t('dictionary.entry.modalities')}
        value={scope.modalities ?? []}
        onChange={(list) => set('modalities', words(list))}
        upperCase
        placeholder={t('dictionary.entry.modalitiesAll')}
        mistake={wrong('modalities')}
        disabled={disabled}
        testId="scope-modalities"
      />
      <WordsField
        label={t('dictionary.entry.bodyParts')}
        value={scope.bodyParts ?? []}
        onChange={(list) => set('bodyParts', words(list))}
        placeholder={t('dictionary.entry.bodyPartsAll')}
        mistake={wrong('bodyParts')}
        disabled={disabled}
        testId="scope-body-parts"
      />
      <ChoiceField
        label={t('dictionary.entry.sex')}
        value={scope.sex ?? ''}
        onChange={(sex) => set('sex', sex === '' ? undefined : sex)}
        choices={[
          ['', t('dictionary.entry.any')],
          ['M', t('dictionary.entry.sexes.M')],
          ['F', t('dictionary.entry.sexes.F')],
        ]}
        disabled={disabled}
      />
      <div className="dict-pair">
        <NumberField
          label={t('dictionary.entry.ageFrom')}
          value={scope.age?.from}
          onChange={(value) => setAge('from', value)}
          placeholder={t('dictionary.entry.any')}
          mistake={mistakes.get('scope.age.from')}
          complaint={ageComplaint}
          disabled={disabled}
        />
        <NumberField
          label={t('dictionary.entry.ageTo')}
          value={scope.age?.to}
          onChange={(value) => setAge('to', value)}
          placeholder={t('dictionary.entry.any')}
          mistake={mistakes.get('scope.age.to')}
          disabled={disabled}
        />
      </div>
      <fieldset className="field dict-classes" disabled={disabled}>
        <legend>{t('dictionary.entry.patientClasses')}</legend>
        {PatientClass.options.map((each) => (
          <CheckField
            key={each}
            label={t(`patientClass.${each}`)}
            checked={classes.includes(each)}
            onChange={(checked) => {
              const next = PatientClass.options.filter((one) =>
                one === each ? checked : classes.includes(one),
              )
              set('patientClasses', next.length > 0 ? next : undefined)
            }}
          />
        ))}
        {classes.length === 0 && <span className="quiet">{t('dictionary.entry.any')}</span>}
      </fieldset>
    </>
  )
}
