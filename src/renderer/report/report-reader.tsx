import { useTranslation } from 'react-i18next'
import type { ReportText, SignedReport } from '../../shared/report/index.ts'
import { StudyAlerts } from '../alerts/study-alerts.tsx'
import { usePermission } from '../app/session.ts'
import { dateTime } from '../i18n/index.ts'

interface ReportReaderProps {
  study: string
  /** Shown where no version is signed yet. */
  text: ReportText
  versions: readonly SignedReport[]
  /** Why it can only be read, where the signature does not say it. */
  notice: string | null
}

/** A report to read: each signed version with who signed it, when, and how; the newest first. */
export function ReportReader({ study, text, versions, notice }: ReportReaderProps) {
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
      <div className="report-scroll">
        {newestFirst.map((version) => (
          <article key={version.document.version} className="report-version" data-testid="report-version">
            <header className="report-version-head">
              <span className="report-signed-mark">{t('report.signed')}</span>
              <strong>{t('report.version', { version: version.document.version })}</strong>
              <span>
                {t('report.signedBy', {
                  name: version.document.author.name,
                  time: dateTime(version.signedAt),
                })}
              </span>
            </header>
            <Sections text={version.document.text} />
            <footer className="report-signature" data-testid="report-signature">
              {t('report.signatureState', { algorithm: version.algorithm })}
            </footer>
          </article>
        ))}
        {versions.length === 0 && (
          <article className="report-version">
            <header className="report-version-head">
              <span className="quiet">{t('report.readOnly')}</span>
            </header>
            <Sections text={text} />
          </article>
        )}
        {readsAlerts && <StudyAlerts study={study} />}
      </div>
    </div>
  )
}

function Sections({ text }: { text: ReportText }) {
  const { t } = useTranslation()
  return (['findings', 'impression'] as const).map((section) => (
    <section key={section}>
      <h3>{t(`report.section.${section}`)}</h3>
      {text[section] === '' ? (
        <p className="quiet">{t('report.empty')}</p>
      ) : (
        <p className="report-text">{text[section]}</p>
      )}
    </section>
  ))
}
