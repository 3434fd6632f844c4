import { Button } from 'antd'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { type Column, DataTable } from '../../table/data-table.tsx'
import { SearchBox } from '../../table/search-box.tsx'
import { useTableView } from '../../table/use-table-view.ts'
import { ChoiceFilters } from './choice-filters.tsx'
import { ExportButton, type ExportTable } from './export-button.tsx'
import type { Listing } from './listing.ts'
import './officer-screen.css'

interface OfficerScreenProps<Row> {
  table: ExportTable
  title: string
  listing: Listing<Row>
  /** Keep their identity between renders: sorting and filtering hang on it. */
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  selected: string | null
  onSelect: (key: string | null) => void
  /** Enter, or a double click, on a row. */
  onOpen?: (row: Row) => void
  attributes?: (row: Row) => Record<`data-${string}`, string>
  /** Beside the count. */
  summary?: ReactNode
  /** Before export and refresh. */
  actions?: ReactNode
  /** Facts of the selected row, to the right or below. */
  aside?: ReactNode
  below?: ReactNode
  hint: string
}

/** An officer's table: search, filters, sorting, export, and what is known of the selected row. */
export function OfficerScreen<Row>(props: OfficerScreenProps<Row>) {
  const { table, title, listing, columns, rowKey } = props
  const { t } = useTranslation()
  const screen = useRef<HTMLDivElement>(null)
  const view = useTableView(listing.rows, columns)
  const toTable = () => {
    const first = view.rows[0]
    if (first && !view.rows.some((row) => rowKey(row) === props.selected)) props.onSelect(rowKey(first))
    screen.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  }

  if (listing.error && listing.rows.length === 0 && !listing.refreshing) {
    return (
      <FailureNotice title={t('administration.failed')} thrown={listing.error} onRetry={listing.refresh} />
    )
  }
  return (
    <div className="list-screen" ref={screen} data-testid={`${table}-screen`}>
      <div className="toolbar officer-toolbar">
        <h1 className="list-title">{title}</h1>
        <SearchBox
          value={view.filter.search}
          onChange={view.setSearch}
          onLeave={toTable}
          label={t('administration.list.search')}
          className="officer-search"
          maxLength={100}
          testId="officer-search"
        />
        <ChoiceFilters rows={listing.rows} columns={columns} view={view} />
        <span className="quiet number" data-testid="officer-count">
          {view.filtered
            ? t('worklist.countShown', { shown: view.rows.length, total: view.total })
            : t('worklist.count', { total: view.total })}
        </span>
        {props.summary}
        {listing.error && (
          <span className="list-not-current" role="alert" data-testid="officer-not-current">
            {t('worklist.notCurrent')}
          </span>
        )}
        <span className="space" />
        {listing.older && (
          <Button onClick={listing.older.load} loading={listing.older.loading} data-testid={`${table}-older`}>
            {t('administration.list.older')}
          </Button>
        )}
        {props.actions}
        <ExportButton table={table} title={title} rows={view.rows} columns={columns} />
        <Button onClick={listing.refresh} data-testid="refresh" aria-busy={listing.refreshing}>
          {t('administration.list.refresh')}
        </Button>
      </div>
      <div className="officer-body">
        <div className="officer-table">
          <DataTable
            label={title}
            rows={view.rows}
            columns={columns}
            rowKey={rowKey}
            selected={props.selected}
            onSelect={props.onSelect}
            {...(props.onOpen && { onOpen: props.onOpen })}
            onKey={(event) => event.key === 'Escape' && props.onSelect(null)}
            sort={view.sort}
            onSort={view.onSort}
            attributes={(row) => ({ 'data-testid': `${table}-row`, ...props.attributes?.(row) })}
            empty={<Empty listing={listing} filtered={view.filtered} onClear={view.clear} />}
            testId={`${table}-table`}
            focusOnMount
          />
        </div>
        {props.aside}
      </div>
      {props.below ?? <footer className="list-foot">{props.hint}</footer>}
    </div>
  )
}

function Empty(props: { listing: Listing<unknown>; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation()
  if (props.listing.loading) return <div className="fill-message">{t('app.loading')}</div>
  return (
    <div className="fill-message" data-testid="officer-empty">
      <p>{t(props.filtered ? 'administration.list.emptyFiltered' : 'administration.list.empty')}</p>
      {props.filtered && <Button onClick={props.onClear}>{t('worklist.clearFilters')}</Button>}
    </div>
  )
}
