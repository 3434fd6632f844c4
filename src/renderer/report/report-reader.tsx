import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Amendment, KeyImage, ReportText, ShownReport } from '../../shared/report/index.ts'
import { StudyAlerts } from '../alerts/study-alerts.tsx'
import { usePermission } from '../app/session.ts'
import { useAction } from '../keys/keys-provider.tsx'
import { BeginAmendment } from './begin-amendment.tsx'
import { HistoryDialog } from './history/history-dialog.tsx'
import { KeyImageStrip } from './key-images/key-image-strip.tsx'
import { ReportSections } from './report-sections.tsx'
import { ReportVersion } from './report-version.tsx'

interface ReportReaderProps {
  study: string
  /** Shown where no version is signed yet. */
  text: ReportText
  versions: readonly ShownReport[]
  keyImages: readonly KeyImage[]
  /** The text was handed in and is not signed: it is shown before what is signed. */
  waits: boolean
  /** Where it stands and why it can only be read, where the signature does not say it. */
  banner: ReactNode
  /** Begins another version; null where the person may not. */
  onAmend: ((amendment: Amendment) => void) | null
  /** Raises an alert that was forgotten, the text as it is; null where the person may not. */
  onForgotten: ((amendment: Amendment) => void) | null
}

/** A report to read: each signed version with who signed it, when, how and why; the newest first. */
export function ReportReader(props: ReportReaderProps) {
  const { study, text, keyImages, waits, versions, banner, onAmend, onForgotten } = props
  const { t } = useTranslation()
  const readsAlerts = usePermission('alert.read')
  const [history, setHistory] = useState(false)
  useAction('report.history', () => setHistory(true))
  // What another is writing is theirs until it is handed in.
  const nothingYet = text.findings === '' && text.impression === ''
  const newestFirst = versions.toSorted((a, b) => b.document.version - a.document.version)
  return (
    <div className="report" data-testid="report-reader">
      {banner}
      <div className="report-bar">
        <h3>{t('report.title')}</h3>
        <span className="space" />
        <button
          type="button"
          className="link-button"
          onClick={() => setHistory(true)}
          data-testid="tool-history"
        >
          {t('review.tools.history')}
        </button>
        {onAmend && versions.length > 0 && <BeginAmendment onBegin={onAmend} onForgotten={onForgotten} />}
      </div>
      <div className="report-scroll">
        {(waits || versions.length === 0) && (
          <article className="report-version" data-testid="report-waiting">
            <header className="report-version-head">
              <span className="quiet">{t('report.readOnly')}</span>
            </header>
            {nothingYet ? <p className="quiet">{t('report.nothingYet')}</p> : <ReportSections text={text} />}
            <KeyImageStrip study={study} images={keyImages} onImages={null} />
          </article>
        )}
        {newestFirst.map((version, index) => (
          <ReportVersion
            key={version.document.version}
            version={version}
            previous={newestFirst[index + 1] ?? null}
          />
        ))}
        {readsAlerts && <StudyAlerts study={study} />}
      </div>
      {history && (
        <HistoryDialog study={study} versions={versions} present={null} onClose={() => setHistory(false)} />
      )}
    </div>
  )
}
