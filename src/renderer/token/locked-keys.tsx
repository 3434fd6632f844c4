import { useTranslation } from 'react-i18next'
import { EntryMessage } from '../entry/entry-message.tsx'
import type { ChosenToken } from './use-chosen-token.ts'

/** What to do, and where, when every key that is plugged in has its PIN locked. */
export function LockedKeys({ token }: { token: Pick<ChosenToken, 'choices' | 'chosen'> }) {
  const { t } = useTranslation()
  if (token.chosen || !token.choices?.some((choice) => choice.barred === 'locked')) return null
  return (
    <EntryMessage kind="info" code="pin-locked-guidance">
      <p>
        <strong>{t('token.lockedTitle')}</strong>
      </p>
      <p>{t('token.lockedWhat')}</p>
      <p>{t('token.lockedWhere')}</p>
    </EntryMessage>
  )
}
