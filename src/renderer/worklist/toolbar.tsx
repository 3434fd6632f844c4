import { Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchBox } from '../table/search-box.tsx'
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

/** Search and filters above a list of exams. */
export function Toolbar<Status extends string>(props: ToolbarProps<Status>) {
  const { t } = useTranslation()
  return (
    <div className="toolbar">
      <SearchBox
        value={props.search}
        onChange={props.onSearch}
        onLeave={props.onLeave}
        label={t('worklist.search')}
        className="toolbar-search"
        maxLength={64}
        testId="worklist-search"
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
