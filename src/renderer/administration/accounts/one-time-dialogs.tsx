import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { OneTimeDialog, OneTimeValue } from '../frame/one-time-dialog.tsx'
import { whose } from './account-words.tsx'
import { inGroups } from './in-groups.ts'

interface OfAccount {
  row: AccountRow
  onClose: () => void
}

/** The code with which a person binds their key at their first sign-in. */
export function BindingCodeDialog({ row, onClose }: OfAccount) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [made, setMade] = useState<{ code: string; expiresAt: number } | null>(null)
  return made ? (
    <OneTimeDialog
      title={t('administration.account.bindingCodeMade')}
      whom={whose(t, row)}
      text={t('administration.account.bindingCodeText')}
      onClose={onClose}
    >
      <OneTimeValue value={made.code} shown={inGroups(made.code)} expiresAt={made.expiresAt} />
    </OneTimeDialog>
  ) : (
    <ActionDialog
      title={t('administration.account.action.binding-code')}
      submit={t('administration.account.submit.binding-code')}
      run={() => unwrap(bridge.administrationCreateBindingCode({ id: row.id }))}
      onDone={setMade}
      onClose={onClose}
    >
      <p className="dialog-whom">{whose(t, row)}</p>
      <p className="dialog-text">{t('administration.account.follows.binding-code')}</p>
    </ActionDialog>
  )
}

/** A one-time password in the place of a forgotten one. */
export function PasswordResetDialog({ row, onClose }: OfAccount) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [made, setMade] = useState<{ password: string; expiresAt: number } | null>(null)
  return made ? (
    <OneTimeDialog
      title={t('administration.account.passwordMade')}
      whom={whose(t, row)}
      text={t('administration.account.passwordText')}
      onClose={onClose}
    >
      <OneTimeValue value={made.password} expiresAt={made.expiresAt} />
    </OneTimeDialog>
  ) : (
    <ActionDialog
      title={t('administration.account.action.reset-password')}
      submit={t('administration.account.submit.reset-password')}
      danger
      run={() => unwrap(bridge.administrationResetPassword({ id: row.id }))}
      onDone={setMade}
      onClose={onClose}
    >
      <p className="dialog-whom">{whose(t, row)}</p>
      <p className="dialog-text">{t('administration.account.follows.reset-password')}</p>
    </ActionDialog>
  )
}
