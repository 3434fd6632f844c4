import { useTranslation } from 'react-i18next'
import { useBridge } from '../bridge/index.ts'
import { dateOf, dateTime } from '../i18n/index.ts'
import { QueryTable } from './query-table.tsx'
import './administration.css'

export function Workstations() {
  const { t } = useTranslation()
  const bridge = useBridge()
  return (
    <QueryTable
      area="workstations"
      ask={bridge.administrationWorkstations}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'name',
          title: t('administration.name'),
          width: 200,
          grow: 2,
          render: (row) => <strong>{row.name}</strong>,
        },
        { key: 'id', title: t('administration.id'), width: 220, grow: 2, render: (row) => row.id },
        {
          key: 'enrolled',
          title: t('administration.enrolledAt'),
          width: 176,
          render: (row) => <span className="number">{dateTime(row.enrolledAt)}</span>,
        },
        {
          key: 'expires',
          title: t('administration.certificateExpiresAt'),
          width: 136,
          render: (row) => <span className="number">{dateOf(row.certificateExpiresAt)}</span>,
        },
        {
          key: 'revoked',
          title: t('administration.state'),
          width: 96,
          render: (row) =>
            row.revoked ? (
              <span className="state-bad">{t('administration.revokedYes')}</span>
            ) : (
              t('administration.revokedNo')
            ),
        },
      ]}
    />
  )
}
