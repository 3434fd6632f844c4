import type { FoundReport } from '../../shared/api/index.ts'
import type { Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { Excerpt } from './excerpt.tsx'
import { reportColumns } from './report-columns.tsx'

export function foundReportColumns(t: Translate): Column<FoundReport>[] {
  const excerpt = ({ hits }: FoundReport) => hits.map((hit) => hit.excerpt).join(' / ')
  return [
    ...reportColumns<FoundReport>(t),
    {
      key: 'alerts',
      title: t('retrospect.report.alerts'),
      width: 72,
      render: (row) => <span className="number">{row.alerts || ''}</span>,
      text: (row) => String(row.alerts),
      order: (row) => row.alerts,
    },
    {
      key: 'hits',
      title: t('retrospect.report.hits'),
      width: 240,
      grow: 4,
      render: ({ hits }) => (
        <>
          {hits[0] && <Excerpt hit={hits[0]} />}
          {hits.length > 1 && <span className="quiet number"> +{hits.length - 1}</span>}
        </>
      ),
      text: excerpt,
    },
  ]
}
