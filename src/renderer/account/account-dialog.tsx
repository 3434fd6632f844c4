import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../app/failure-notice.tsx'
import { AccountOverview } from './account-overview.tsx'
import { ChangePassword } from './change-password.tsx'
import { EnrolTotp } from './enrol-totp.tsx'
import { useOwnCredentials } from './own-credentials.ts'

export type AccountView = 'overview' | 'password' | 'totp'

/** One's own account: what the gateway knows of it, and what the person may change. */
export function AccountDialog(props: {
  view: AccountView | null
  onView: (view: AccountView | null) => void
}) {
  const { t } = useTranslation()
  const { view, onView } = props
  return (
    <Modal
      open={view !== null}
      onCancel={() => onView(null)}
      title={t(`account.title.${view ?? 'overview'}`)}
      footer={null}
      width={view === 'overview' ? 600 : 440}
      centered
      destroyOnHidden
      mask={{ closable: view === 'overview' }}
    >
      {view && <View view={view} onView={onView} />}
    </Modal>
  )
}

function View({ view, onView }: { view: AccountView; onView: (view: AccountView | null) => void }) {
  const { t } = useTranslation()
  const own = useOwnCredentials()
  if (own.isError) {
    return <FailureNotice title={t('account.failed')} thrown={own.error} onRetry={() => void own.refetch()} />
  }
  if (!own.data) return <p className="quiet">{t('app.loading')}</p>
  switch (view) {
    case 'overview':
      return <AccountOverview own={own.data} onView={onView} />
    case 'password':
      return <ChangePassword own={own.data} onClose={() => onView(null)} />
    case 'totp':
      return <EnrolTotp own={own.data} onClose={() => onView(null)} />
  }
}
