import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { EntryMessage } from './entry-message.tsx'

/** What a form in a dialog gives way to once it has done its work. */
export function Finished(props: { sentence: string; onClose: () => void; testId: string }) {
  const { t } = useTranslation()
  return (
    <div className="entry-form" data-testid={props.testId}>
      <EntryMessage kind="info">{props.sentence}</EntryMessage>
      <Button type="primary" onClick={props.onClose} autoFocus block>
        {t('app.close')}
      </Button>
    </div>
  )
}
