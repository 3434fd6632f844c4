import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isTextField } from '../app/text-field.ts'

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
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.altKey || isTextField(event.target)) return
      if (document.querySelector('[role=dialog]')) return
      event.preventDefault()
      box.current?.focus()
      box.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
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
      title={t('worklist.searchHint')}
      aria-label={label}
      maxLength={maxLength}
      autoComplete="off"
      spellCheck={false}
      data-testid={testId}
    />
  )
}
