import { useState } from 'react'
import { dateOf } from '../i18n/index.ts'
import { midnightOf } from './period.ts'
import './date-field.css'

interface DateFieldProps {
  /** Epoch ms within the day. */
  value: number
  /** Gets the local midnight of the day that was entered. */
  onDay: (midnight: number) => void
  label: string
  testId: string
}

/**
 * A day as YYYY-MM-DD, typed with or without dashes, taken on Enter and on leaving. (The browser's own date field is in the
 * language of the system and not of the product.)
 */
export function DateField({ value, onDay, label, testId }: DateFieldProps) {
  const shown = dateOf(value)
  const [typed, setTyped] = useState<string | null>(null)
  const day =
    typed === null ? null : midnightOf(typed.replace(/^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$/, '$1-$2-$3'))
  const take = () => {
    if (day !== null) onDay(day)
    setTyped(null)
  }
  return (
    <input
      className="field-input date-field number"
      value={typed ?? shown}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
        if (event.key === 'Escape') setTyped(null)
      }}
      inputMode="numeric"
      maxLength={10}
      placeholder="YYYY-MM-DD"
      autoComplete="off"
      aria-label={label}
      aria-invalid={typed !== null && day === null}
      data-testid={testId}
    />
  )
}
