import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { EntryMessage } from '../entry/entry-message.tsx'

/** Nothing can be changed where there is no password: how to come by one. */
export function NoPassword({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="entry-form" data-testid="no-password">
      <EntryMessage kind="info">
        <p>{t('account.passwordNone')}</p>
        <p>{t('account.passwordNoneHint')}</p>
      </EntryMessage>
      <Button onClick={onClose} autoFocus block>
        {t('app.close')}
      </Button>
    </div>
  )
}
