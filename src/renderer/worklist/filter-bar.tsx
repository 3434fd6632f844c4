import { Button, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorklistFilter } from '../../shared/worklist/index.ts'
import { SearchBox } from '../table/search-box.tsx'
import { noFilter, restricts } from './views.ts'
import './worklist.css'

interface FilterBarProps {
  filter: WorklistFilter
  onFilter: (filter: WorklistFilter) => void
  /** The states that one can choose from. */
  statuses: readonly WorklistFilter['status'][]
  /** Modalities on the list beside the common ones. */
  modalities: readonly string[]
  /** Arrow down or Enter in the search box goes to the list. */
  onLeave: () => void
  children: ReactNode
}

const common = ['CT', 'MR', 'DX', 'CR', 'US', 'MG', 'XA', 'RF', 'NM', 'PT']
const days = [1, 2, 3, 7, 30, 90]

/** Search and filters above a list of exams. */
export function FilterBar({ filter, onFilter, ...props }: FilterBarProps) {
  const { t } = useTranslation()
  const set = (change: Partial<WorklistFilter>) => onFilter({ ...filter, ...change })
  const chosen = filter.modalities ?? []
  const modalities = [...new Set([...common, ...props.modalities, ...chosen])]
  const dayChoices = [...new Set([...days, ...(filter.days ? [filter.days] : [])])]
  return (
    <div className="toolbar">
      <SearchBox
        value={filter.search ?? ''}
        onChange={(search) => set({ search: search || undefined })}
        onLeave={props.onLeave}
        label={t('worklist.search')}
        className="toolbar-search"
        maxLength={64}
        testId="worklist-search"
      />
      <Select
        mode="multiple"
        value={chosen}
        onChange={(value: string[]) => set({ modalities: value })}
        options={modalities.map((value) => ({ value, label: value }))}
        placeholder={t('worklist.allModalities')}
        maxTagCount="responsive"
        className="toolbar-modality"
        aria-label={t('worklist.columns.modality')}
        data-testid="worklist-modality"
      />
      <Select
        value={filter.status}
        onChange={(status) => set({ status })}
        options={props.statuses.map((value) => ({ value, label: t(`worklistRoom.status.${value}`) }))}
        className="toolbar-status"
        aria-label={t('worklist.columns.status')}
        data-testid="worklist-status"
      />
      <Select
        value={filter.days ?? 0}
        onChange={(value) => set({ days: value || undefined })}
        options={[
          { value: 0, label: t('worklistRoom.anyDay') },
          ...dayChoices.map((value) => ({
            value,
            label: value === 1 ? t('worklistRoom.today') : t('worklistRoom.lastDays', { n: value }),
          })),
        ]}
        className="toolbar-days"
        aria-label={t('worklist.columns.examAt')}
        data-testid="worklist-days"
      />
      <Word
        value={filter.bodyPart}
        onChange={(bodyPart) => set({ bodyPart })}
        label={t('worklist.columns.bodyPart')}
        maxLength={80}
        testId="worklist-body-part"
      />
      <Word
        value={filter.department}
        onChange={(department) => set({ department })}
        label={t('worklist.columns.department')}
        maxLength={40}
        testId="worklist-department"
      />
      {restricts(filter) && (
        <Button size="small" type="text" onClick={() => onFilter(noFilter)} data-testid="clear-filter">
          {t('worklist.clearFilters')}
        </Button>
      )}
      <span className="space" />
      {props.children}
    </div>
  )
}

function Word(props: {
  value: string | undefined
  onChange: (value: string | undefined) => void
  label: string
  maxLength: number
  testId: string
}) {
  return (
    <input
      type="search"
      className="field-input toolbar-word"
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.target.value || undefined)}
      placeholder={props.label}
      aria-label={props.label}
      maxLength={props.maxLength}
      autoComplete="off"
      data-testid={props.testId}
    />
  )
}
