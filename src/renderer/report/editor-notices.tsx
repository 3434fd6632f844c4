import { useTranslation } from 'react-i18next'

/** What is to be known before one writes on. */
export function EditorNotices({
  recovered,
  dictionaryFailed,
}: {
  recovered: boolean
  dictionaryFailed: boolean
}) {
  const { t } = useTranslation()
  return (
    <>
      {recovered && (
        <div className="notice notice-info" role="status" data-testid="report-recovered">
          {t('report.recovered')}
        </div>
      )}
      {dictionaryFailed && (
        <div className="notice" role="status" data-testid="dictionary-failed">
          {t('report.dictionaryFailed')}
        </div>
      )}
    </>
  )
}
