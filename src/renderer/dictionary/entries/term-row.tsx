import type { ClipboardEvent, KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryTerm } from '../../../shared/critical/model.ts'
import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { ChoiceField } from '../fields/field.tsx'
import { mistakeText, problemText } from '../fields/mistake-words.ts'
import { put } from '../fields/put.ts'
import { useLevelChoices } from './entry-words.ts'
import { conditionText, withText } from './term.ts'
import { TermConditions } from './term-conditions.tsx'

interface TermRowProps {
  term: DictionaryTerm
  index: number
  open: boolean
  onOpen: () => void
  onChange: (term: DictionaryTerm, part: string) => void
  /** Null where it is the last one: an entry has at least one. */
  onRemove: (() => void) | null
  onKey: (event: KeyboardEvent<HTMLInputElement>) => void
  onPaste: (event: ClipboardEvent) => void
  mistakes: Mistakes
  problems: ReadonlyMap<string, DictionaryProblem>
  disabled: boolean
}

/** One way a finding is written, with its conditions below while they are open. */
export function TermRow(props: TermRowProps) {
  const { term, index, onChange, mistakes, problems, disabled } = props
  const { t } = useTranslation()
  const levels = useLevelChoices()
  const path = `terms.${index}`
  const mistake = mistakes.get(`${path}.text`)
  const problem = problems.get(`${path}.text`)
  const told = mistake ? mistakeText(t, mistake) : problem && problemText(t, problem)
  const wrong = mistake !== undefined || problem?.severity === 'error'
  const inside = [...mistakes.keys(), ...problems.keys()].some(
    (at) => at.startsWith(`${path}.`) && at !== `${path}.text`,
  )
  const conditions = conditionText(t, term)
  return (
    <div className="term" data-testid="term" data-wrong={wrong}>
      <div className="term-row">
        <span className="term-text">
          <input
            className="field-input dict-input"
            value={term.text}
            onChange={(event) => onChange(withText(term, event.target.value), 'text')}
            onKeyDown={props.onKey}
            onPaste={props.onPaste}
            aria-label={t('dictionary.term.nth', { n: index + 1 })}
            aria-invalid={wrong}
            maxLength={80}
            readOnly={disabled}
            autoComplete="off"
            spellCheck={false}
            data-testid="term-text"
          />
        </span>
        <ChoiceField
          bare
          label={t('dictionary.term.language')}
          value={term.language}
          onChange={(language) => onChange({ ...term, language }, 'language')}
          choices={[
            ['zh', t('dictionary.term.languages.zh')],
            ['en', t('dictionary.term.languages.en')],
          ]}
          disabled={disabled}
        />
        <ChoiceField
          bare
          label={t('dictionary.term.level')}
          value={term.level ?? ''}
          onChange={(level) => onChange(put(term, 'level', level === '' ? undefined : level), 'level')}
          choices={[['', t('dictionary.term.sameLevel')], ...levels]}
          disabled={disabled}
        />
        <button
          type="button"
          className={`term-open ${inside ? 'field-mistake' : conditions ? '' : 'quiet'}`}
          aria-expanded={props.open}
          onClick={props.onOpen}
          title={conditions}
          data-testid="term-open"
        >
          {props.open ? '▾ ' : '▸ '}
          {conditions || t('dictionary.term.noConditions')}
        </button>
        {!disabled && (
          <button
            type="button"
            className="term-remove"
            onClick={() => props.onRemove?.()}
            disabled={props.onRemove === null}
            aria-label={t('dictionary.term.remove', { text: term.text })}
            title={t('dictionary.term.removeHint')}
            data-testid="remove-term"
          >
            ✕
          </button>
        )}
      </div>
      {told !== undefined && (
        <span className={wrong ? 'field-mistake' : 'dict-warning'} role="alert">
          {t('dictionary.mistakeOf', { field: t('dictionary.term.text'), told })}
        </span>
      )}
      {props.open && (
        <TermConditions
          term={term}
          onChange={onChange}
          mistakes={mistakes}
          problems={problems}
          path={path}
          disabled={disabled}
        />
      )}
    </div>
  )
}
