import { useTranslation } from 'react-i18next'
import type { CriticalRules } from '../../../shared/critical/rules.ts'
import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import { mistakesOfRules } from '../draft/mistakes.ts'
import { useRecipientChoices } from '../entries/entry-words.ts'
import { ChoiceField, NumberField } from '../fields/field.tsx'
import { problemText } from '../fields/mistake-words.ts'
import { ContactsTable } from './contacts-table.tsx'
import { DeadlinesTable } from './deadlines-table.tsx'
import { EscalationChain } from './escalation-chain.tsx'
import { SecondCheckFields } from './second-check-fields.tsx'

export interface RulesPartProps {
  rules: CriticalRules
  /** `mark` names the field, null a step of its own. */
  onChange: (rules: CriticalRules, mark: string | null) => void
  disabled: boolean
}

interface RulesPageProps extends RulesPartProps {
  problems: readonly DictionaryProblem[]
}

/** What follows from a critical value. Part of the dictionary: published with it, and only with it. */
export function RulesPage({ rules, onChange, disabled, problems }: RulesPageProps) {
  const { t } = useTranslation()
  const recipients = useRecipientChoices()
  const mistakes = mistakesOfRules(rules)
  const part = { rules, onChange, disabled }
  const complaint = (field: string) => {
    const problem = problems.find((each) => each.field === `rules.${field}`)
    return problem && problemText(t, problem)
  }
  return (
    <div className="rules-page" data-testid="rules">
      <section className="rules-section">
        <h2>{t('dictionary.rules.deadlinesTitle')}</h2>
        <p className="quiet">{t('dictionary.rules.deadlinesText')}</p>
        <DeadlinesTable {...part} mistakes={mistakes} complaint={complaint} />
      </section>
      <section className="rules-section">
        <h2>{t('dictionary.rules.chainTitle')}</h2>
        <p className="quiet">{t('dictionary.rules.chainText')}</p>
        <EscalationChain {...part} />
      </section>
      <section className="rules-section">
        <h2>{t('dictionary.rules.reportTitle')}</h2>
        <div className="rules-fields">
          <ChoiceField
            label={t('dictionary.rules.recipient')}
            value={rules.recipient}
            onChange={(recipient) => onChange({ ...rules, recipient }, 'recipient')}
            choices={recipients}
            disabled={disabled}
            testId="rules-recipient"
          />
          <NumberField
            label={t('dictionary.rules.repeatHours')}
            value={rules.repeatHours}
            onChange={(value) => onChange({ ...rules, repeatHours: value ?? Number.NaN }, 'repeatHours')}
            unit={t('dictionary.rules.hours')}
            mistake={mistakes.get('repeatHours')}
            disabled={disabled}
            testId="rules-repeat"
          />
          <NumberField
            label={t('dictionary.rules.closeAfterHours')}
            value={rules.closeAfterHours}
            onChange={(value) =>
              onChange({ ...rules, closeAfterHours: value ?? Number.NaN }, 'closeAfterHours')
            }
            unit={t('dictionary.rules.hours')}
            mistake={mistakes.get('closeAfterHours')}
            disabled={disabled}
          />
        </div>
      </section>
      <section className="rules-section">
        <h2>{t('dictionary.rules.checkTitle')}</h2>
        <SecondCheckFields {...part} mistakes={mistakes} />
      </section>
      <section className="rules-section">
        <h2>{t('dictionary.rules.contactsTitle')}</h2>
        <p className="quiet">{t('dictionary.rules.contactsText')}</p>
        {problems
          .filter(({ field }) => field === 'rules.contacts')
          .map((problem) => (
            <p key={problem.value} className="dict-warning" role="status">
              {problemText(t, problem)}
            </p>
          ))}
        <ContactsTable {...part} mistakes={mistakes} complaint={complaint} />
      </section>
    </div>
  )
}
