import { useTranslation } from 'react-i18next'
import type { CriticalRules } from '../../../shared/critical/rules.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { CheckField, ChoiceField, NumberField, TextField } from '../fields/field.tsx'
import type { RulesPartProps } from './rules-page.tsx'

/** 双人核对: whether somebody confirms an alert before it is sent, and when one person may do so twice. */
export function SecondCheckFields(props: RulesPartProps & { mistakes: Mistakes }) {
  const { rules, disabled, mistakes } = props
  const { t } = useTranslation()
  const { secondCheck } = rules
  const { onePersonTwice } = secondCheck
  const { night } = onePersonTwice
  const set = (next: Partial<CriticalRules['secondCheck']>, mark: string | null) =>
    props.onChange({ ...rules, secondCheck: { ...secondCheck, ...next } }, mark)
  const setTwice = (next: Partial<typeof onePersonTwice>, mark: string | null) =>
    set({ onePersonTwice: { ...onePersonTwice, ...next } }, mark)
  const off = secondCheck.mode === 'off'
  return (
    <div className="rules-fields">
      <ChoiceField
        label={t('dictionary.rules.check')}
        value={secondCheck.mode}
        onChange={(mode) => set({ mode }, null)}
        choices={[
          ['off', t('dictionary.rules.checkModes.off')],
          ['required', t('dictionary.rules.checkModes.required')],
        ]}
        disabled={disabled}
        testId="rules-check"
      />
      <NumberField
        label={t('dictionary.rules.releaseAfter')}
        value={secondCheck.releaseAfterMinutes}
        onChange={(value) => set({ releaseAfterMinutes: value ?? Number.NaN }, 'secondCheck.release')}
        unit={t('dictionary.rules.minutes')}
        mistake={mistakes.get('secondCheck.releaseAfterMinutes')}
        disabled={disabled || off}
      />
      <div className="field">
        <span className="quiet">{t('dictionary.rules.twice')}</span>
        <CheckField
          label={t('dictionary.rules.emergencies')}
          checked={onePersonTwice.emergencies}
          onChange={(emergencies) => setTwice({ emergencies }, null)}
          disabled={disabled || off}
        />
        <CheckField
          label={t('dictionary.rules.night')}
          checked={night !== null}
          onChange={(checked) => setTwice({ night: checked ? { from: '22:00', to: '07:00' } : null }, null)}
          disabled={disabled || off}
        />
      </div>
      {night !== null && (
        <div className="dict-pair">
          {(['from', 'to'] as const).map((end) => (
            <TextField
              key={end}
              label={t(`dictionary.rules.night${end === 'from' ? 'From' : 'To'}`)}
              value={night[end]}
              onChange={(value) =>
                setTwice({ night: { ...night, [end]: value.replace('：', ':') } }, `secondCheck.night.${end}`)
              }
              mistake={mistakes.get(`secondCheck.onePersonTwice.night.${end}`)}
              maxLength={5}
              disabled={disabled || off}
            />
          ))}
        </div>
      )}
    </div>
  )
}
