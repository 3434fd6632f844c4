import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../app/failure-notice.tsx'
import { DictionaryScreen } from './dictionary-screen.tsx'
import { useVersions } from './versions/version-queries.ts'
import './dictionary.css'

/** The critical-value dictionary: what is in force, and how it is changed. */
export default function DictionaryArea() {
  const { t } = useTranslation()
  const list = useVersions()
  if (list.data) return <DictionaryScreen {...list.data} notCurrent={list.isError} />
  return list.isError ? (
    <FailureNotice
      title={t('administration.failed')}
      thrown={list.error}
      onRetry={() => void list.refetch()}
    />
  ) : (
    <div className="fill-message">{t('app.loading')}</div>
  )
}
