import { useTranslation } from 'react-i18next'
import { useBridge } from '../bridge/index.ts'
import { dateTime } from '../i18n/index.ts'
import { QueryTable } from './query-table.tsx'
import './administration.css'

export function Accounts() {
  const { t } = useTranslation()
  const bridge = useBridge()
  return (
    <QueryTable
      area="accounts"
      ask={bridge.administrationAccounts}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'login',
          title: t('administration.loginName'),
          width: 140,
          grow: 1,
          render: (row) => row.loginName,
        },
        {
          key: 'name',
          title: t('administration.displayName'),
          width: 140,
          grow: 1,
          render: (row) => <strong>{row.displayName}</strong>,
        },
        {
          key: 'roles',
          title: t('administration.roles'),
          width: 180,
          grow: 2,
          render: (row) => row.roles.map((role) => t(`roles.${role}`)).join('、'),
        },
        {
          key: 'certificates',
          title: t('administration.certificates'),
          width: 96,
          render: (row) => <span className="number">{row.certificates}</span>,
        },
        {
          key: 'disabled',
          title: t('administration.disabled'),
          width: 96,
          render: (row) =>
            row.disabled ? (
              <span className="state-bad">{t('administration.enabledNo')}</span>
            ) : (
              t('administration.enabledYes')
            ),
        },
        {
          key: 'created',
          title: t('administration.createdAt'),
          width: 176,
          render: (row) => <span className="number">{dateTime(row.createdAt)}</span>,
        },
      ]}
    />
  )
}
