import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { useSession } from '../../app/session.ts'
import { dateTime } from '../../i18n/index.ts'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { type AccountAction, accountActions } from './account-actions.ts'
import { accountStates } from './account-state.ts'
import { roleWords, stateWord } from './account-words.tsx'

interface AccountFactsProps {
  row: AccountRow
  now: number
  onAction: (action: AccountAction) => void
  onClose: () => void
}

const grave: readonly AccountAction[] = ['disable', 'end-fallback']

/** One account in full, its state in words, and what the signed-in officer may do with it. */
export function AccountFacts({ row, now, onAction, onClose }: AccountFactsProps) {
  const { t } = useTranslation()
  const session = useSession()
  const actions = accountActions(row, session.permissions, now)
  const own = row.id === session.accountId
  const none = t('administration.none')
  const password = () => {
    if (row.password === null) return t('administration.account.passwordNone')
    return t('administration.account.passwordUntil', { time: dateTime(row.password.expiresAt) })
  }
  return (
    <FactsPanel
      title={row.displayName}
      states={accountStates(row, now).map((state) => (
        <span key={state.kind} className={`state-${state.weight}`} data-state={state.kind}>
          {stateWord(t, state, now)}
        </span>
      ))}
      facts={[
        [t('administration.account.loginName'), row.loginName],
        [t('administration.account.staffNumber'), row.staffNumber || none],
        [t('administration.account.roles'), roleWords(t, row).join(t('administration.comma')) || none],
        [t('administration.account.clearanceTitle'), t(`administration.account.clearance.${row.clearance}`)],
        [
          t('administration.account.emergency'),
          t(row.emergency ? 'administration.yes' : 'administration.no'),
        ],
        [
          t('administration.account.certificates'),
          t('administration.account.certificateCount', { n: row.certificates }),
        ],
        [t('administration.account.password'), password()],
        [
          t('administration.account.totp'),
          t(row.totpEnrolled ? 'administration.account.totpSet' : 'administration.account.totpNotSet'),
        ],
        [
          t('administration.account.lastSignIn'),
          row.lastSignInAt === null ? t('administration.account.neverSignedIn') : dateTime(row.lastSignInAt),
        ],
        [t('administration.account.createdAt'), dateTime(row.createdAt)],
      ]}
      actions={
        actions.length > 0 &&
        actions.map((action) => (
          <Button
            key={action}
            onClick={() => onAction(action)}
            disabled={own}
            danger={grave.includes(action)}
            data-testid={`account-${action}`}
          >
            {t(`administration.account.action.${action}`)}
          </Button>
        ))
      }
      whyNot={own && actions.length > 0 ? t('administration.account.own') : undefined}
      onClose={onClose}
      testId="account-facts"
    />
  )
}
