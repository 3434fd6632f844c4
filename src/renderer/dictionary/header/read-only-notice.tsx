import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { editorNames, versionName } from '../versions/version-words.ts'

interface ReadOnlyNoticeProps {
  /** A draft that this person has not written at, or null. */
  othersDraft: DictionaryVersion | null
  onJoin: () => void
  /** An older version that is looked at, or null. */
  viewing: DictionaryVersion | null
  inForce: string
  onEnd: () => void
}

/** Why nothing can be edited, and the way out. */
export function ReadOnlyNotice(props: ReadOnlyNoticeProps) {
  const { t } = useTranslation()
  if (props.viewing) {
    return (
      <div className="notice notice-info" data-testid="viewing">
        {t('dictionary.viewing', { version: versionName(t, props.viewing, props.inForce) })}
        <span className="space" />
        <Button size="small" onClick={props.onEnd}>
          {t('dictionary.viewingEnd')}
        </Button>
      </div>
    )
  }
  if (!props.othersDraft) return null
  return (
    <div className="notice notice-info" data-testid="not-yours">
      {t('dictionary.join.text', { who: editorNames(props.othersDraft) })}
      <span className="space" />
      <Button size="small" onClick={props.onJoin} data-testid="join">
        {t('dictionary.join.button')}
      </Button>
    </div>
  )
}
