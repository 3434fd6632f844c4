import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isTextField } from '../../app/text-field.ts'

/** Searches all texts of a table. `/` goes there, arrow down or Enter to the table. */
export function SearchBox(props: { value: string; onChange: (value: string) => void; onLeave: () => void }) {
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
      className="field-input officer-search"
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape' && props.value !== '') props.onChange('')
        else if (['ArrowDown', 'Enter', 'Escape'].includes(event.key)) {
          event.preventDefault()
          props.onLeave()
        }
      }}
      placeholder={t('administration.list.search')}
      title={t('worklist.searchHint')}
      aria-label={t('administration.list.search')}
      maxLength={100}
      autoComplete="off"
      spellCheck={false}
      data-testid="officer-search"
    />
  )
}
