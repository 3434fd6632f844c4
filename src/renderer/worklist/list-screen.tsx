import { Button } from 'antd'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type WorklistFilter, type WorklistRow, WorklistSort } from '../../shared/worklist/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { useAction } from '../keys/keys-provider.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { arrange, moveBefore, moveBy, settingsOf, withWidth } from '../table/arrange.ts'
import type { Column } from '../table/column.ts'
import { ListTable } from '../table/list-table.tsx'
import { nextSort } from '../table/sort.ts'
import { BrokenNotice } from './broken-notice.tsx'
import { ColumnDialog } from './column-dialog.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { PagedList } from './paged-list.ts'
import { indexOf, rowAt } from './pages.ts'
import { followed, type ListPlace, selectedAt } from './place.ts'
import { rowKey } from './reading-order.ts'
import { useListState } from './use-paged-list.ts'
import { ViewBar } from './view-bar.tsx'
import { noFilter, restricts, type View } from './views.ts'
import './worklist.css'

interface ListScreenProps {
  label: string
  list: PagedList
  views: readonly View[]
  place: ListPlace
  onPlace: (place: ListPlace) => void
  columns: readonly Column<WorklistRow>[]
  statuses: readonly WorklistFilter['status'][]
  onOpen: (row: WorklistRow) => void
  attributes: (row: WorklistRow) => Record<`data-${string}`, string>
  /** Beside the filters. */
  children?: ReactNode
  /** Its keys, below the list. */
  foot: string
  testIds: { screen: string; table: string }
}

const sortable = (column: string): column is WorklistSort['column'] =>
  WorklistSort.shape.column.safeParse(column).success

/** A list of exams with its views, filters and columns. */
export function ListScreen({ list, place, onPlace, columns, ...props }: ListScreenProps) {
  const { t } = useTranslation()
  const screen = useRef<HTMLDivElement>(null)
  const [choosing, setChoosing] = useState(false)
  const [own, change] = useSetting('worklist')
  const question = useMemo(() => ({ filter: place.filter, sort: place.sort }), [place.filter, place.sort])
  const { pages, answers, stale, failure, fresh } = useListState(list, question)
  const total = pages?.total ?? 0
  const at = selectedAt(pages, place.selected)
  const rows = useMemo(
    () => ({
      count: total,
      at: (index: number) => rowAt(pages, index),
      placeOf: (key: string, near: number) => indexOf(pages, key, near),
    }),
    [pages, total],
  )
  const modalities = useMemo(
    () => [...(pages?.byNumber.values() ?? [])].flat().flatMap((row) => row.modality || []),
    [pages],
  )
  const onLook = useCallback((first: number, end: number) => list.look(first, end), [list])
  const select = (index: number) => {
    const row = rowAt(pages, index)
    onPlace({ ...place, selected: { key: row ? rowKey(row) : null, index } })
  }
  useEffect(() => {
    const selected = stale ? place.selected : followed(pages, place.selected)
    if (selected !== place.selected) onPlace({ ...place, selected })
  }, [pages, stale, place, onPlace])

  const settings = settingsOf(columns, own.columns)
  const keep = (next: typeof settings) => void change({ ...own, columns: next }).catch(() => undefined)
  /** While an edge is dragged: only the end of it is kept. */
  const [dragged, setDragged] = useState<{ key: string; width: number } | null>(null)
  const arranged = useMemo(() => {
    const now = settingsOf(columns, own.columns)
    return arrange(columns, dragged ? withWidth(now, dragged.key, dragged.width) : now)
  }, [columns, own.columns, dragged])
  useAction('list.columns', () => setChoosing(true))

  return (
    <div className="list-screen" ref={screen} data-testid={props.testIds.screen}>
      <ViewBar delivered={props.views} place={place} onPlace={onPlace} total={stale ? null : total} />
      <FilterBar
        filter={place.filter}
        onFilter={(filter) => onPlace({ ...place, filter })}
        statuses={props.statuses}
        modalities={modalities}
        onLeave={() => {
          if (at < 0 && total > 0) select(0)
          screen.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
        }}
      >
        {props.children}
        <BrokenNotice broken={pages?.broken ?? []} />
        {failure !== null && pages && (
          <span className="list-not-current" role="alert" data-testid="worklist-not-current">
            {t('worklist.notCurrent')}
          </span>
        )}
        <span className="quiet number" role="status" data-testid="worklist-count">
          {t('worklist.count', { total })}
        </span>
        <Button size="small" onClick={() => setChoosing(true)} data-testid="columns">
          {t('worklistRoom.columns')}
        </Button>
      </FilterBar>
      {/* Rows of the last filters stay while the next are on their way, but not unmarked. */}
      <div className={stale && pages ? 'list-body list-stale' : 'list-body'} aria-busy={stale}>
        {failure !== null && !pages ? (
          <FailureNotice title={t('worklist.failed')} thrown={failure} onRetry={list.refresh} />
        ) : (
          <ListTable
            label={props.label}
            rows={rows}
            listKey={answers}
            columns={arranged}
            rowKey={rowKey}
            selectedAt={at}
            onSelect={select}
            onOpen={props.onOpen}
            onLook={onLook}
            attributes={props.attributes}
            isFresh={(key) => fresh.has(key)}
            sort={place.sort}
            sortable={sortable}
            onSort={(column) => {
              const sort = nextSort(place.sort, column)
              onPlace({ ...place, sort: sort && { ...sort, column: column as WorklistSort['column'] } })
            }}
            layout={{
              moveBefore: (key, before) => keep(moveBefore(settings, key, before)),
              moveBy: (key, by) => keep(moveBy(settings, key, by)),
              resize: (key, width, final) => {
                setDragged(final ? null : { key, width })
                if (final) keep(withWidth(settings, key, width))
              },
            }}
            empty={
              pages === null ? (
                <div className="fill-message">{t('app.loading')}</div>
              ) : (
                <div className="fill-message" data-testid="worklist-empty">
                  <p>{restricts(place.filter) ? t('worklist.emptyFiltered') : t('worklist.empty')}</p>
                  {restricts(place.filter) && (
                    <Button onClick={() => onPlace({ ...place, filter: noFilter })}>
                      {t('worklist.clearFilters')}
                    </Button>
                  )}
                </div>
              )
            }
            testId={props.testIds.table}
          />
        )}
      </div>
      <footer className="list-foot">{props.foot}</footer>
      {choosing && (
        <ColumnDialog
          columns={columns}
          settings={settings}
          onSettings={keep}
          onReset={() => keep([])}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  )
}
