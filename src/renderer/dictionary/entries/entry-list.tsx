import { Button } from 'antd'
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CriticalLevel, type DictionaryEntry } from '../../../shared/critical/model.ts'
import { DataTable } from '../../table/data-table.tsx'
import { reveal } from '../../table/row-window.ts'
import { SearchBox } from '../../table/search-box.tsx'
import { useTableView } from '../../table/use-table-view.ts'
import { type EntryRow, entryColumns, type RowMarks } from './entry-columns.tsx'

interface EntryListProps {
  entries: readonly DictionaryEntry[]
  marks: RowMarks
  selected: number | null
  onSelect: (index: number) => void
  /** Enter on a row: to its editor. */
  onOpen: () => void
  level: CriticalLevel | ''
  onLevel: (level: CriticalLevel | '') => void
  actions: ReactNode
}

/** All critical-value types: searched by name, code and every term, and filtered by level. */
export function EntryList(props: EntryListProps) {
  const { entries, level } = props
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const marks = useRef(props.marks)
  marks.current = props.marks
  const columns = useMemo(() => entryColumns(t, () => marks.current), [t])
  const rows = useMemo(
    () =>
      entries
        .map((entry, index): EntryRow => ({ entry, index }))
        .filter(({ entry }) => level === '' || entry.level === level),
    [entries, level],
  )
  const view = useTableView(rows, columns)
  // A type that was just added, or brought back, shows where it stands.
  const show = useEffectEvent((selected: number) => {
    const at = view.rows.findIndex(({ index }) => index === selected)
    if (at >= 0) reveal(list.current?.querySelector<HTMLElement>('[role=grid]') ?? null, at)
  })
  const present = view.rows.length
  useEffect(() => {
    if (props.selected !== null && present > 0) show(props.selected)
  }, [props.selected, present])
  const toTable = () => {
    const first = view.rows[0]
    if (first && !view.rows.some(({ index }) => index === props.selected)) props.onSelect(first.index)
    list.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  }
  return (
    <div className="entry-list" ref={list}>
      <div className="entry-list-bar">
        <SearchBox
          value={view.filter.search}
          onChange={view.setSearch}
          onLeave={toTable}
          label={t('dictionary.list.search')}
          className="entry-search"
          maxLength={80}
          testId="entry-search"
        />
        <select
          className="field-input dict-input entry-level"
          value={level}
          onChange={(event) => props.onLevel(event.target.value as CriticalLevel | '')}
          aria-label={t('dictionary.list.level')}
          data-testid="entry-level-filter"
        >
          <option value="">{t('dictionary.list.allLevels')}</option>
          {CriticalLevel.options.map((each) => (
            <option key={each} value={each}>
              {t(`level.${each}`)}
            </option>
          ))}
        </select>
        <span className="quiet number" data-testid="entry-count">
          {view.filtered || level !== ''
            ? t('worklist.countShown', { shown: view.rows.length, total: entries.length })
            : t('worklist.count', { total: entries.length })}
        </span>
        <span className="space" />
        {props.actions}
      </div>
      <div className="entry-list-table">
        <DataTable
          label={t('areas.dictionary')}
          rows={view.rows}
          columns={columns}
          rowKey={({ index }) => String(index)}
          selected={props.selected === null ? null : String(props.selected)}
          onSelect={(key) => props.onSelect(Number(key))}
          onOpen={props.onOpen}
          sort={view.sort}
          onSort={view.onSort}
          attributes={({ entry }) => ({ 'data-testid': 'entry-row', 'data-code': entry.code })}
          empty={
            <div className="fill-message" data-testid="entries-empty">
              <p>{t(entries.length === 0 ? 'dictionary.list.empty' : 'administration.list.emptyFiltered')}</p>
              {entries.length > 0 && (
                <Button
                  onClick={() => {
                    view.clear()
                    props.onLevel('')
                  }}
                >
                  {t('worklist.clearFilters')}
                </Button>
              )}
            </div>
          }
          testId="entries"
          focusOnMount
        />
      </div>
    </div>
  )
}
