import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../../shared/api/administration.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { dateTime, type Translate } from '../i18n/index.ts'
import { type Column, DataTable } from '../table/data-table.tsx'
import { AuditRecord } from './audit-record.tsx'
import { actionText, factsLine, whoText } from './audit-words.ts'
import './administration.css'

/** The newest audit records first, older ones on request. Read only: there is no other way to the audit. */
export function AuditTrail() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [selected, setSelected] = useState<string | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['administration', 'audit'],
    queryFn: ({ pageParam }) =>
      unwrap(bridge.administrationAudit(pageParam === null ? {} : { before: pageParam })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => {
      const oldest = page.reduce((least, row) => Math.min(least, row.seq), Number.POSITIVE_INFINITY)
      return page.length > 0 && oldest > 1 ? oldest : null
    },
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
  const rows = (query.data?.pages.flat() ?? []).toSorted((a, b) => b.seq - a.seq)
  const chosen = rows.find((row) => String(row.seq) === selected)
  return (
    <div className="list-screen">
      <div className="toolbar">
        <strong>{t('areas.audit')}</strong>
        <span className="quiet number">{t('worklist.count', { total: rows.length })}</span>
        <span className="space" />
        {query.hasNextPage && (
          <Button
            onClick={() => void query.fetchNextPage()}
            loading={query.isFetchingNextPage}
            data-testid="audit-older"
          >
            {t('administration.older')}
          </Button>
        )}
        <Button onClick={() => void query.refetch()} loading={query.isRefetching}>
          {t('administration.refresh')}
        </Button>
      </div>
      <div className="list-body">
        <DataTable
          label={t('areas.audit')}
          rows={rows}
          columns={columnsOf(t)}
          rowKey={(row) => String(row.seq)}
          selected={selected}
          onSelect={setSelected}
          onKey={(event) => event.key === 'Escape' && setSelected(null)}
          attributes={(row) => ({ 'data-testid': 'audit-row', 'data-action': row.action })}
          empty={
            <div className="fill-message">
              {query.isPending ? t('app.loading') : t('administration.empty')}
            </div>
          }
          testId="audit-table"
        />
      </div>
      {chosen ? (
        <AuditRecord row={chosen} onClose={() => setSelected(null)} />
      ) : (
        <footer className="list-foot">{t('administration.auditKeys')}</footer>
      )}
    </div>
  )
}

function columnsOf(t: Translate): Column<AuditRow>[] {
  return [
    {
      key: 'seq',
      title: t('administration.seq'),
      width: 88,
      render: (row) => <span className="number">{row.seq}</span>,
    },
    {
      key: 'at',
      title: t('administration.at'),
      width: 168,
      render: (row) => <span className="number">{dateTime(row.at)}</span>,
    },
    {
      key: 'action',
      title: t('administration.action'),
      width: 152,
      grow: 1,
      render: (row) => actionText(t, row.action),
    },
    {
      key: 'outcome',
      title: t('administration.outcome'),
      width: 72,
      render: (row) => (
        <span className={row.outcome === 'success' ? '' : 'state-bad'}>
          {t(`administration.outcomes.${row.outcome}`)}
        </span>
      ),
    },
    {
      key: 'actor',
      title: t('administration.actor'),
      width: 136,
      grow: 1,
      render: (row) => <span title={row.actor}>{row.actorName ?? whoText(t, row.actor)}</span>,
    },
    {
      key: 'object',
      title: t('administration.object'),
      width: 184,
      grow: 1,
      render: (row) => <span title={row.object}>{whoText(t, row.object)}</span>,
    },
    {
      key: 'detail',
      title: t('administration.detail'),
      width: 240,
      grow: 4,
      render: (row) => <span className="quiet">{factsLine(t, row)}</span>,
    },
  ]
}
