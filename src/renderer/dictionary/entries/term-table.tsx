import { Button } from 'antd'
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryTerm } from '../../../shared/critical/model.ts'
import type { DictionaryProblem } from '../../../shared/dictionary/index.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { removed, replaced } from '../fields/put.ts'
import { termOf, textsOf } from './term.ts'
import { TermRow } from './term-row.tsx'

interface TermTableProps {
  terms: readonly DictionaryTerm[]
  onChange: (terms: DictionaryTerm[], mark: string | null) => void
  mistakes: Mistakes
  problems: ReadonlyMap<string, DictionaryProblem>
  disabled: boolean
}

const mostTerms = 200

/**
 * All the ways a finding is written. Enter adds one below, arrows go up and down, several pasted lines become several
 * terms, and Backspace in an empty one takes it away.
 */
export function TermTable({ terms, onChange, mistakes, problems, disabled }: TermTableProps) {
  const { t } = useTranslation()
  const table = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<number | null>(null)
  const [focus, setFocus] = useState<number | null>(null)
  const inputs = () => table.current?.querySelectorAll<HTMLInputElement>('.term-text input') ?? []

  useEffect(() => {
    if (focus === null) return
    inputs()[focus]?.focus()
    setFocus(null)
  })

  const add = (after: number, texts: readonly string[]) => {
    const room = mostTerms - terms.length
    if (room <= 0) return
    const fresh = texts.slice(0, room).map(termOf)
    onChange([...terms.slice(0, after + 1), ...fresh, ...terms.slice(after + 1)], null)
    setOpened(null)
    setFocus(after + fresh.length)
  }
  const remove = (index: number) => {
    if (terms.length === 1) return
    onChange(removed(terms, index), null)
    setOpened(null)
    setFocus(Math.max(0, index - 1))
  }
  const onKey = (event: KeyboardEvent<HTMLInputElement>, index: number) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !disabled) {
      event.preventDefault()
      add(index, [''])
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      inputs()[index + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
    } else if (event.key === 'Backspace' && event.currentTarget.value === '' && !disabled) {
      event.preventDefault()
      remove(index)
    }
  }
  const onPaste = (event: ClipboardEvent, index: number) => {
    const texts = textsOf(event.clipboardData.getData('text/plain'))
    if (!texts || disabled) return
    event.preventDefault()
    if (terms[index]?.text !== '') return add(index, texts)
    const fresh = texts.slice(0, mostTerms - terms.length + 1).map(termOf)
    onChange([...terms.slice(0, index), ...fresh, ...terms.slice(index + 1)], null)
    setFocus(index + fresh.length - 1)
  }

  return (
    <div className="terms" ref={table} data-testid="terms">
      <div className="term-head" aria-hidden="true">
        <span>{t('dictionary.term.text')}</span>
        <span>{t('dictionary.term.language')}</span>
        <span>{t('dictionary.term.level')}</span>
        <span>{t('dictionary.term.conditions')}</span>
      </div>
      {terms.map((term, index) => (
        <TermRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a term has no name but its text, which is what is edited
          key={index}
          term={term}
          index={index}
          open={opened === index}
          onOpen={() => setOpened(opened === index ? null : index)}
          onChange={(next, part) => onChange(replaced(terms, index, next), `terms.${index}.${part}`)}
          onRemove={terms.length > 1 ? () => remove(index) : null}
          onKey={(event) => onKey(event, index)}
          onPaste={(event) => onPaste(event, index)}
          mistakes={mistakes}
          problems={problems}
          disabled={disabled}
        />
      ))}
      {!disabled && (
        <Button
          size="small"
          onClick={() => add(terms.length - 1, [''])}
          disabled={terms.length >= mostTerms}
          data-testid="add-term"
        >
          {t('dictionary.term.add')}
        </Button>
      )}
    </div>
  )
}
