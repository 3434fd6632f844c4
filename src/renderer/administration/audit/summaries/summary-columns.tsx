import type { AuditReportRow } from '../../../../shared/api/audit.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { Column } from '../../../table/column.ts'
import { timeColumn } from '../../../table/time-column.tsx'

/** 2026-11-22 审计日报 */
export function summaryName(t: Translate, { kind, period }: Pick<AuditReportRow, 'kind' | 'period'>): string {
  return t('auditor.summary.name', { period, kind: t(`auditor.summary.kinds.${kind}`) })
}

export function summaryColumns(t: Translate): Column<AuditReportRow>[] {
  const kind = (row: AuditReportRow) => t(`auditor.summary.kinds.${row.kind}`)
  const maker = (row: AuditReportRow) => row.madeBy || t('auditor.summary.schedule')
  const review = (row: AuditReportRow) => t(row.review ? 'auditor.summary.reviewed' : 'auditor.review.open')
  const count = (key: 'records' | 'anomalies'): Column<AuditReportRow> => ({
    key,
    title: t(`auditor.summary.${key}`),
    width: 96,
    render: (row) => (
      <span className={key === 'anomalies' && row.anomalies > 0 ? 'number state-warn' : 'number'}>
        {row[key]}
      </span>
    ),
    text: (row) => String(row[key]),
    order: (row) => row[key],
  })
  return [
    {
      key: 'period',
      title: t('auditor.summary.period'),
      width: 128,
      render: (row) => <strong className="number">{row.period}</strong>,
      text: (row) => row.period,
    },
    {
      key: 'kind',
      title: t('auditor.summary.kind'),
      width: 112,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    count('records'),
    count('anomalies'),
    timeColumn('madeAt', t('auditor.summary.madeAt'), (row) => row.madeAt),
    {
      key: 'madeBy',
      title: t('auditor.summary.madeBy'),
      width: 128,
      grow: 1,
      render: maker,
      text: maker,
    },
    {
      key: 'review',
      title: t('auditor.review.title'),
      width: 96,
      render: (row) => <span className={row.review ? 'state-ok' : 'state-warn'}>{review(row)}</span>,
      text: review,
      choices: (row) => [review(row)],
    },
    {
      key: 'note',
      title: t('auditor.review.note'),
      width: 200,
      grow: 3,
      render: (row) => <span title={row.review?.note}>{row.review?.note}</span>,
      text: (row) => row.review?.note ?? '',
    },
  ]
}
