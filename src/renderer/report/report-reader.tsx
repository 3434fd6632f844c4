import { useTranslation } from 'react-i18next'
import type { Amendment, ReportText, SignedReport } from '../../shared/report/index.ts'
import { StudyAlerts } from '../alerts/study-alerts.tsx'
import { usePermission } from '../app/session.ts'
import { BeginAmendment } from './begin-amendment.tsx'
import { ReportSections } from './report-sections.tsx'
import { ReportVersion } from './report-version.tsx'

interface ReportReaderProps {
  study: string
  /** Shown where no version is signed yet. */
  text: ReportText
  versions: readonly SignedReport[]
  /** Why it can only be read, where the signature does not say it. */
  notice: string | null
  /** Begins another version; null where the person may not. */
  onAmend: ((amendment: Amendment) => void) | null
  /** Raises an alert that was forgotten, the text as it is; null where the person may not. */
  onForgotten: ((amendment: Amendment) => void) | null
}

/** A report to read: each signed version with who signed it, when, how and why; the newest first. */
export function ReportReader({ study, text, versions, notice, onAmend, onForgotten }: ReportReaderProps) {
  const { t } = useTranslation()
  const readsAlerts = usePermission('alert.read')
  const newestFirst = versions.toSorted((a, b) => b.document.version - a.document.version)
  return (
    <div className="report" data-testid="report-reader">
      {notice && (
        <div className="notice" role="status" data-testid="report-locked">
          {notice}
        </div>
      )}
      {onAmend && versions.length > 0 && (
        <div className="report-bar">
          <h3>{t('report.title')}</h3>
          <span className="space" />
          <BeginAmendment onBegin={onAmend} onForgotten={onForgotten} />
        </div>
      )}
      <div className="report-scroll">
        {newestFirst.map((version, index) => (
          <ReportVersion
            key={version.document.version}
            version={version}
            previous={newestFirst[index + 1] ?? null}
          />
        ))}
        {versions.length === 0 && (
          <article className="report-version">
            <header className="report-version-head">
              <span className="quiet">{t('report.readOnly')}</span>
            </header>
            <ReportSections text={text} />
          </article>
        )}
        {readsAlerts && <StudyAlerts study={study} />}
      </div>
    </div>
  )
}
