import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryEntry } from '../../../shared/critical/model.ts'
import type { RecipientKind } from '../../../shared/critical/rules.ts'
import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import { mistakesOf } from '../draft/mistakes.ts'
import { ChoiceField, TextField } from '../fields/field.tsx'
import { problemText } from '../fields/mistake-words.ts'
import { put } from '../fields/put.ts'
import { useLevelChoices, useRecipientChoices } from './entry-words.ts'
import { ScopeFields } from './scope-fields.tsx'
import { TermTable } from './term-table.tsx'

interface EntryEditorProps {
  entry: DictionaryEntry
  problems: ReadonlyMap<string, DictionaryProblem>
  disabled: boolean
  /** `mark` names the field, null a step of its own. */
  onChange: (entry: DictionaryEntry, mark: string | null) => void
  onDuplicate: () => void
  onRemove: () => void
  /** It was just made: its name is asked for first. */
  fresh: boolean
}

/** One critical-value type: what it is called, which exams it is for, who is told, and how it is written. */
export function EntryEditor(props: EntryEditorProps) {
  const { entry, problems, disabled, onChange } = props
  const { t } = useTranslation()
  const form = useRef<HTMLElement>(null)
  const levels = useLevelChoices()
  const recipients = useRecipientChoices()
  const mistakes = mistakesOf(entry)
  const complaint = (field: string) => {
    const problem = problems.get(field)
    return problem && problemText(t, problem)
  }
  useEffect(() => {
    if (props.fresh) form.current?.querySelector<HTMLInputElement>('input')?.focus()
  }, [props.fresh])
  return (
    <section className="entry-editor" ref={form} aria-label={entry.nameZh} data-testid="entry-editor">
      <div className="entry-editor-head">
        <h2>{entry.nameZh || t('dictionary.entry.unnamed')}</h2>
        <span className="space" />
        {!disabled && (
          <>
            <Button size="small" onClick={props.onDuplicate}>
              {t('dictionary.entry.duplicate')}
            </Button>
            <Button size="small" danger onClick={props.onRemove} data-testid="remove-entry">
              {t('dictionary.entry.remove')}
            </Button>
          </>
        )}
      </div>
      <div className="entry-grid">
        <TextField
          label={t('dictionary.entry.nameZh')}
          value={entry.nameZh}
          onChange={(nameZh) => onChange({ ...entry, nameZh }, 'nameZh')}
          mistake={mistakes.get('nameZh')}
          complaint={complaint('nameZh')}
          maxLength={40}
          disabled={disabled}
          testId="entry-name"
        />
        <TextField
          label={t('dictionary.entry.nameEn')}
          value={entry.nameEn}
          onChange={(nameEn) => onChange({ ...entry, nameEn }, 'nameEn')}
          mistake={mistakes.get('nameEn')}
          complaint={complaint('nameEn')}
          maxLength={80}
          disabled={disabled}
          testId="entry-name-en"
        />
        <TextField
          label={t('dictionary.entry.code')}
          value={entry.code}
          onChange={(code) => onChange({ ...entry, code: code.toUpperCase().replaceAll(' ', '_') }, 'code')}
          mistake={mistakes.get('code')}
          complaint={complaint('code')}
          maxLength={32}
          disabled={disabled}
          testId="entry-code"
        />
        <ChoiceField
          label={t('dictionary.entry.level')}
          value={entry.level}
          onChange={(level) => onChange({ ...entry, level }, 'level')}
          choices={levels}
          disabled={disabled}
          testId="entry-level"
        />
        <ChoiceField
          label={t('dictionary.entry.recipient')}
          value={entry.recipient ?? ''}
          onChange={(kind: RecipientKind | '') =>
            onChange(put(entry, 'recipient', kind === '' ? undefined : kind), 'recipient')
          }
          choices={[['', t('dictionary.entry.recipientByRule')], ...recipients]}
          disabled={disabled}
        />
        <ScopeFields
          scope={entry.scope}
          onChange={(scope, mark) => onChange(put(entry, 'scope', scope), mark)}
          mistakes={mistakes}
          ageComplaint={complaint('scope.age')}
          disabled={disabled}
        />
      </div>
      <h3>
        {t('dictionary.term.title')} <span className="quiet number">{entry.terms.length}</span>
      </h3>
      <TermTable
        terms={entry.terms}
        onChange={(terms, mark) => onChange({ ...entry, terms }, mark)}
        mistakes={mistakes}
        problems={problems}
        disabled={disabled}
      />
    </section>
  )
}
