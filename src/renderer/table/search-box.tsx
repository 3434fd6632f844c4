import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'

interface SearchBoxProps {
  value: string
  onChange: (value: string) => void
  /** Arrow down, Enter, or Escape in an empty box: to the table. */
  onLeave: () => void
  label: string
  className: string
  maxLength: number
  testId: string
}

/** Searches a table. `/` goes there from anywhere but a text field or a dialog. */
export function SearchBox({ value, onChange, onLeave, label, className, maxLength, testId }: SearchBoxProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLInputElement>(null)
  useAction('list.search', () => {
    box.current?.focus()
    box.current?.select()
  })
  return (
    <input
      ref={box}
      type="search"
      className={`field-input ${className}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape' && value !== '') onChange('')
        else if (['ArrowDown', 'Enter', 'Escape'].includes(event.key)) {
          event.preventDefault()
          onLeave()
        }
      }}
      placeholder={label}
      title={t('worklist.searchHint', { key: useKeyHint('list.search') })}
      aria-label={label}
      maxLength={maxLength}
      autoComplete="off"
      spellCheck={false}
      data-testid={testId}
    />
  )
}
