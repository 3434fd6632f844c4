import { Segmented, Select } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isTextField } from '../app/text-field.ts'
import './worklist.css'

interface ToolbarProps<Status extends string> {
  search: string
  onSearch: (search: string) => void
  modality: string
  modalities: readonly string[]
  onModality: (modality: string) => void
  status: Status
  statuses: readonly { value: Status; label: string }[]
  onStatus: (status: Status) => void
  /** Arrow down or Enter in the search box goes to the list. */
  onLeave: () => void
  children: ReactNode
}

/** Search and filters above a list of exams. `/` goes to the search box from anywhere but a text field. */
export function Toolbar<Status extends string>(props: ToolbarProps<Status>) {
  const { t } = useTranslation()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.altKey || isTextField(event.target)) return
      event.preventDefault()
      box.current?.focus()
      box.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <div className="toolbar">
      <input
        ref={box}
        type="search"
        className="field-input toolbar-search"
        value={props.search}
        onChange={(event) => props.onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape' && props.search !== '') props.onSearch('')
          else if (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === 'Escape') {
            event.preventDefault()
            props.onLeave()
          }
        }}
        placeholder={t('worklist.search')}
        title={t('worklist.searchHint')}
        aria-label={t('worklist.search')}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        data-testid="worklist-search"
      />
      <Select
        value={props.modality}
        onChange={props.onModality}
        options={[
          { value: '', label: t('worklist.allModalities') },
          ...props.modalities.map((modality) => ({ value: modality, label: modality })),
        ]}
        className="toolbar-modality"
        aria-label={t('worklist.columns.modality')}
        data-testid="worklist-modality"
      />
      <Segmented
        value={props.status}
        options={[...props.statuses]}
        onChange={props.onStatus}
        aria-label={t('worklist.columns.status')}
        data-testid="worklist-status"
      />
      <span className="space" />
      {props.children}
    </div>
  )
}
