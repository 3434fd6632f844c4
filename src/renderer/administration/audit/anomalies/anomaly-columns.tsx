import type { Anomaly } from '../../../../shared/audit/index.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { Column } from '../../../table/column.ts'
import { timeColumn } from '../../../table/time-column.tsx'
import { anomalySentence, severities, severityOf } from './anomaly-words.ts'

const weights = { high: 'state-bad', middle: 'state-warn', low: 'quiet' } as const

export function anomalyColumns(t: Translate): Column<Anomaly>[] {
  const severity = (row: Anomaly) => t(`auditor.anomaly.severities.${severityOf(row)}`)
  const kind = (row: Anomaly) => t(`auditor.anomaly.kind.${row.kind}`)
  const review = (row: Anomaly) =>
    row.review ? t(`auditor.review.verdicts.${row.review.verdict}`) : t('auditor.review.open')
  return [
    {
      key: 'severity',
      title: t('auditor.anomaly.severity'),
      width: 84,
      render: (row) => <span className={weights[severityOf(row)]}>{severity(row)}</span>,
      text: severity,
      order: (row) => severities.indexOf(severityOf(row)),
      choices: (row) => [severity(row)],
    },
    timeColumn('to', t('auditor.anomaly.to'), (row) => row.to),
    {
      key: 'kind',
      title: t('auditor.anomaly.kindTitle'),
      width: 120,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    {
      key: 'who',
      title: t('auditor.kind.account'),
      width: 112,
      grow: 1,
      render: (row) => <span title={row.accountName}>{row.accountName}</span>,
      text: (row) => row.accountName,
    },
    {
      key: 'sentence',
      title: t('auditor.anomaly.what'),
      width: 320,
      grow: 6,
      render: (row) => <span title={anomalySentence(t, row)}>{anomalySentence(t, row)}</span>,
      text: (row) => anomalySentence(t, row),
    },
    {
      key: 'review',
      title: t('auditor.review.title'),
      width: 88,
      render: (row) => (
        <span className={row.review?.verdict === 'harmless' ? 'quiet' : 'state-warn'}>{review(row)}</span>
      ),
      text: review,
      choices: (row) => [review(row)],
    },
  ]
}
