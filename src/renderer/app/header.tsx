import { Popconfirm, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AccountView } from '../account/account-dialog.tsx'
import { AccountMenu } from '../account/account-menu.tsx'
import { AlarmBell, AlarmCount } from '../administration/index.ts'
import { AlertsButton } from '../alerts/alerts-button.tsx'
import { useAbout, useBridge, useFollowedState } from '../bridge/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import type { Area } from './areas.ts'
import type { DataAttributes } from './data-attributes.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { usePermission } from './session.ts'
import { Shortcuts } from './shortcuts.tsx'
import './header.css'

interface HeaderProps {
  areas: readonly Area[]
  area: Area | null
  onArea: (area: Area) => void
  /** Which view of the person's own account is open. */
  account: AccountView | null
  onAccount: (view: AccountView | null) => void
}

/** Who is signed in, what they may open, and the two ways out: lock and sign out. */
export function Header({ areas, area, onArea, account, onAccount }: HeaderProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const readsAlerts = usePermission('alert.read')
  const readsAlarms = usePermission('alarm.read')
  const lock = () => void bridge.workstationLock()
  useAction('window.lock', lock)

  return (
    <header className="header">
      <span className="header-mark">Vigil</span>
      <DemoMark />
      {areas.length > 1 && (
        <nav className="header-areas">
          {areas.map((each) => (
            <button
              key={each}
              type="button"
              aria-current={each === area ? 'page' : undefined}
              onClick={() => onArea(each)}
              data-testid={`area-${each}`}
            >
              {t(`areas.${each}`)}
              {each === 'alarms' && <AlarmCount />}
            </button>
          ))}
        </nav>
      )}
      <span className="space" />
      <GatewayState />
      {readsAlarms && <AlarmBell onOpen={() => onArea('alarms')} />}
      {readsAlerts && <AlertsButton />}
      <AccountMenu view={account} onView={onAccount} />
      <Shortcuts />
      <LanguageSwitch />
      <Tooltip title={t('app.lockHint')}>
        <button type="button" className="header-button" onClick={lock} data-testid="lock">
          {t('app.lock')}
        </button>
      </Tooltip>
      <Popconfirm
        title={t('app.signOutAsk')}
        description={t('app.signOutDrafts')}
        okText={t('app.signOut')}
        okButtonProps={{ autoFocus: true, 'data-testid': 'sign-out-confirm' } as DataAttributes}
        onConfirm={() => void bridge.sessionSignOut()}
        placement="bottomRight"
      >
        <button type="button" className="header-button" data-testid="sign-out">
          {t('app.signOut')}
        </button>
      </Popconfirm>
    </header>
  )
}

function DemoMark() {
  const { t } = useTranslation()
  const about = useAbout()
  if (!about?.demo) return null
  return (
    <Tooltip title={t('app.demoHint')}>
      <span className="demo-mark" data-testid="demo-mark">
        {t('app.demo')}
      </span>
    </Tooltip>
  )
}

/** Quiet while the gateway answers; unmistakable when it does not. */
function GatewayState() {
  const { t } = useTranslation()
  // Whoever is signed in has just been talking to it: connected until main says otherwise.
  const reachable =
    useFollowedState(
      'gateway',
      (event) => event.reachable,
      async () => true,
    ) ?? true
  return (
    <Tooltip title={reachable ? '' : t('app.gatewayDownHint')}>
      <span
        className={reachable ? 'gateway-state' : 'gateway-state gateway-down'}
        role="status"
        data-testid="gateway-state"
        data-reachable={reachable}
      >
        {reachable ? t('app.gatewayUp') : t('app.gatewayDown')}
      </span>
    </Tooltip>
  )
}
