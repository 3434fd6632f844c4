import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { IpcAnswer } from '../../shared/ipc/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap } from '../bridge/index.ts'
import { type Column, DataTable } from '../table/data-table.tsx'

interface QueryTableProps<Row> {
  area: 'accounts' | 'workstations' | 'sessions'
  ask: () => Promise<IpcAnswer<Row[]>>
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
}

/** A table of everything that one call answers, read again on request and every 30 s. */
export function QueryTable<Row>({ area, ask, columns, rowKey }: QueryTableProps<Row>) {
  const { t } = useTranslation()
  const query = useQuery({
    queryKey: ['administration', area],
    queryFn: () => unwrap(ask()),
    refetchInterval: 30_000,
  })
  if (query.isError && !query.data) {
    return (
      <FailureNotice
        title={t('administration.failed')}
        thrown={query.error}
        onRetry={() => void query.refetch()}
      />
    )
  }
  const rows = query.data ?? []
  return (
    <div className="list-screen">
      <div className="toolbar">
        <strong>{t(`areas.${area}`)}</strong>
        <span className="quiet number">{t('worklist.count', { total: rows.length })}</span>
        <span className="space" />
        <Button onClick={() => void query.refetch()} loading={query.isFetching}>
          {t('administration.refresh')}
        </Button>
      </div>
      <div className="list-body">
        <DataTable
          label={t(`areas.${area}`)}
          rows={rows}
          columns={columns}
          rowKey={rowKey}
          attributes={() => ({ 'data-testid': `${area}-row` })}
          empty={
            <div className="fill-message">
              {query.isPending ? t('app.loading') : t('administration.empty')}
            </div>
          }
          testId={`${area}-table`}
        />
      </div>
    </div>
  )
}
