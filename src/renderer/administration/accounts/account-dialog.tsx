import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { useBridge } from '../../bridge/index.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import type { AccountAction } from './account-actions.ts'
import { whose } from './account-words.tsx'
import { AuthoriseDialog } from './authorise-dialog.tsx'
import { BindCertificateDialog } from './bind-certificate-dialog.tsx'
import { FallbackDialog } from './fallback-dialog.tsx'
import { BindingCodeDialog, PasswordResetDialog } from './one-time-dialogs.tsx'
import { PersonDialog } from './person-dialog.tsx'

interface AccountDialogProps {
  row: AccountRow
  action: AccountAction
  onClose: () => void
}

/** The dialog of each action on an account. */
export function AccountDialog({ row, action, onClose }: AccountDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const calls = {
    disable: bridge.administrationDisableAccount,
    enable: bridge.administrationEnableAccount,
    'clear-lockout': bridge.administrationClearLockout,
    'end-fallback': bridge.administrationEndFallback,
  }
  switch (action) {
    case 'edit':
      return <PersonDialog row={row} onClose={onClose} />
    case 'authorise':
      return <AuthoriseDialog row={row} onClose={onClose} />
    case 'bind-certificate':
      return <BindCertificateDialog row={row} onClose={onClose} />
    case 'binding-code':
      return <BindingCodeDialog row={row} onClose={onClose} />
    case 'reset-password':
      return <PasswordResetDialog row={row} onClose={onClose} />
    case 'grant-fallback':
      return <FallbackDialog row={row} onClose={onClose} />
    default:
      return (
        <ReasonDialog
          title={t(`administration.account.action.${action}`)}
          whom={whose(t, row)}
          text={t(`administration.account.follows.${action}`)}
          submit={t(`administration.account.submit.${action}`)}
          danger={action === 'disable' || action === 'end-fallback'}
          run={(reason) => calls[action]({ id: row.id, reason })}
          done={t(`administration.account.done.${action}`)}
          onClose={onClose}
        />
      )
  }
}
