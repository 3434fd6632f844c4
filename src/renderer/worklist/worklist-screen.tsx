import { App, Button } from 'antd'
import { useDeferredValue, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorklistFilter, WorklistRow } from '../../shared/worklist/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { DataTable } from '../table/data-table.tsx'
import { BrokenNotice } from './broken-notice.tsx'
import { readingColumns } from './columns.tsx'
import { inReadingOrder, isUrgent, readingStatus, rowKey } from './reading-order.ts'
import { Toolbar } from './toolbar.tsx'
import { useMinuteClock } from './use-minute-clock.ts'
import { useModalities } from './use-modalities.ts'
import { noFilter, useWorklist } from './worklist-query.ts'

export interface WorklistPlace {
  filter: WorklistFilter
  selected: string | null
}

interface WorklistScreenProps {
  place: WorklistPlace
  onPlace: (place: WorklistPlace) => void
  onOpen: (row: WorklistRow) => void
}

const statuses = ['all', 'to-report', 'draft', 'to-review', 'signed'] as const

/** The radiologist's list of exams. */
export function WorklistScreen({ place, onPlace, onOpen }: WorklistScreenProps) {
  const { t } = useTranslation()
  const screen = useRef<HTMLDivElement>(null)
  const { message } = App.useApp()
  const { filter } = place
  const search = filter.search ?? ''
  const modality = filter.modalities?.[0] ?? ''
  const now = useMinuteClock()
  const list = useWorklist({ ...filter, search: useDeferredValue(search) })
  const rows = useMemo(() => inReadingOrder(list.data?.rows ?? []), [list.data])
  const columns = useMemo(() => readingColumns(t, now), [t, now])
  const modalities = useModalities(list.data?.rows, modality)
  const setFilters = (change: Partial<WorklistFilter>) =>
    onPlace({ ...place, filter: { ...filter, ...change } })
  const filtered = search !== '' || modality !== '' || filter.status !== 'all'
  const total = list.data?.total ?? 0

  return (
    <div className="list-screen" ref={screen} data-testid="worklist">
      <Toolbar
        search={search}
        onSearch={(search) => setFilters({ search })}
        modality={modality}
        modalities={modalities}
        onModality={(modality) => setFilters({ modalities: modality ? [modality] : [] })}
        status={filter.status}
        statuses={statuses.map((value) => ({ value, label: t(`worklist.filter.${value}`) }))}
        onStatus={(status) => setFilters({ status })}
        onLeave={() => {
          const first = rows[0]
          if (first && !rows.some((row) => rowKey(row) === place.selected))
            onPlace({ ...place, selected: rowKey(first) })
          screen.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
        }}
      >
        <BrokenNotice broken={list.data?.broken ?? []} />
        {list.isError && list.data && (
          <span className="list-not-current" role="alert" data-testid="worklist-not-current">
            {t('worklist.notCurrent')}
          </span>
        )}
        <span className="quiet number" data-testid="worklist-count">
          {rows.length < total
            ? t('worklist.countShown', { shown: rows.length, total })
            : t('worklist.count', { total })}
        </span>
      </Toolbar>
      {/* Rows of the last filters stay while the next are on their way, but not unmarked. */}
      <div
        className={list.isPlaceholderData ? 'list-body list-stale' : 'list-body'}
        aria-busy={list.isPlaceholderData}
      >
        {list.isError && !list.data ? (
          <FailureNotice
            title={t('worklist.failed')}
            thrown={list.error}
            onRetry={() => void list.refetch()}
          />
        ) : (
          <DataTable
            label={t('areas.reading')}
            rows={rows}
            columns={columns}
            rowKey={rowKey}
            selected={place.selected}
            onSelect={(selected) => onPlace({ ...place, selected })}
            onOpen={(row) => {
              if (row.studyInstanceUid !== null) return onOpen(row)
              void message.info({ content: t('worklist.noImages'), key: 'no-images' })
            }}
            attributes={(row) => ({
              'data-testid': 'worklist-row',
              'data-accession': row.accessionNumber,
              'data-study': row.studyInstanceUid ?? '',
              'data-status': readingStatus(row),
              'data-urgent': String(isUrgent(row)),
              'data-openable': String(row.studyInstanceUid !== null),
            })}
            empty={
              list.isPending ? (
                <div className="fill-message">{t('app.loading')}</div>
              ) : (
                <div className="fill-message" data-testid="worklist-empty">
                  <p>{filtered ? t('worklist.emptyFiltered') : t('worklist.empty')}</p>
                  {filtered && (
                    <Button onClick={() => onPlace({ ...place, filter: noFilter })}>
                      {t('worklist.clearFilters')}
                    </Button>
                  )}
                </div>
              )
            }
            testId="worklist-table"
            focusOnMount
          />
        )}
      </div>
      <footer className="list-foot">{t('worklist.keys')}</footer>
    </div>
  )
}
