import { Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session.ts'
import { ChangePinDialog } from '../token/index.ts'
import { AccountDialog, type AccountView } from './account-dialog.tsx'

interface AccountMenuProps {
  /** Which view of the account's dialog is open. */
  view: AccountView | null
  onView: (view: AccountView | null) => void
}

const entries = ['overview', 'password', 'totp', 'pin'] as const

/** Who is signed in, and what they may do about their own keys, password and authenticator. */
export function AccountMenu({ view, onView }: AccountMenuProps) {
  const { t } = useTranslation()
  const session = useSession()
  const [changesPin, setChangesPin] = useState(false)
  const roles = session.roles.map((role) => t(`roles.${role}`)).join(t('account.and'))
  return (
    <>
      <Dropdown
        trigger={['click']}
        autoFocus
        menu={{
          items: entries.map((entry) => ({
            key: entry,
            label: <span data-testid={`account-${entry}`}>{t(`account.menu.${entry}`)}</span>,
          })),
          onClick: ({ key }) => (key === 'pin' ? setChangesPin(true) : onView(key as AccountView)),
        }}
      >
        <button
          type="button"
          className="header-who"
          title={`${session.displayName}　${roles}`}
          aria-haspopup="menu"
          data-testid="who"
        >
          <span className="header-who-text">
            <strong>{session.displayName}</strong>
            <span className="quiet">{roles}</span>
          </span>
        </button>
      </Dropdown>
      <AccountDialog view={view} onView={onView} />
      <ChangePinDialog open={changesPin} onClose={() => setChangesPin(false)} />
    </>
  )
}
