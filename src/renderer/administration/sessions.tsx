import { useTranslation } from 'react-i18next'
import { useBridge } from '../bridge/index.ts'
import { dateTime } from '../i18n/index.ts'
import { QueryTable } from './query-table.tsx'

export function Sessions() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const time = (at: number) => <span className="number">{dateTime(at)}</span>
  return (
    <QueryTable
      area="sessions"
      ask={bridge.administrationSessions}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'name',
          title: t('administration.displayName'),
          width: 140,
          grow: 1,
          render: (row) => <strong>{row.displayName}</strong>,
        },
        {
          key: 'login',
          title: t('administration.loginName'),
          width: 140,
          grow: 1,
          render: (row) => row.loginName,
        },
        {
          key: 'workstation',
          title: t('administration.workstation'),
          width: 200,
          grow: 2,
          render: (row) => row.workstation,
        },
        {
          key: 'state',
          title: t('administration.state'),
          width: 96,
          render: (row) => t(`administration.sessionState.${row.state}`),
        },
        {
          key: 'started',
          title: t('administration.startedAt'),
          width: 168,
          render: (row) => time(row.startedAt),
        },
        {
          key: 'activity',
          title: t('administration.lastActivityAt'),
          width: 168,
          render: (row) => time(row.lastActivityAt),
        },
        {
          key: 'expires',
          title: t('administration.expiresAt'),
          width: 168,
          render: (row) => time(row.expiresAt),
        },
      ]}
    />
  )
}
