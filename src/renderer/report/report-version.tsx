import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownReport } from '../../shared/report/index.ts'
import { dateTime } from '../i18n/index.ts'
import { PrintButton } from '../print/print-button.tsx'
import { KeyImageStrip } from './key-images/key-image-strip.tsx'
import { ReportSections } from './report-sections.tsx'

interface ReportVersionProps {
  version: ShownReport
  previous: ShownReport | null
}

/** One signed version: who, when, how and why; and on request what it changed. */
export function ReportVersion({ version, previous }: ReportVersionProps) {
  const { t } = useTranslation()
  const [compared, setCompared] = useState(false)
  const { document, signedAt, algorithm } = version
  const { amendment } = document
  const before = previous?.document
  const same =
    before &&
    before.text.findings === document.text.findings &&
    before.text.impression === document.text.impression
  return (
    <article className="report-version" data-testid="report-version" data-version={document.version}>
      <header className="report-version-head">
        <span className="report-signed-mark">{t('report.signed')}</span>
        <strong>{t('report.version', { version: document.version })}</strong>
        <span>{t('report.signedBy', { name: document.author.name, time: dateTime(signedAt) })}</span>
        <span className="space" />
        {before && !same && (
          <Button
            size="small"
            onClick={() => setCompared(!compared)}
            aria-pressed={compared}
            data-testid="compare"
          >
            {compared ? t('report.compareHide') : t('report.compare', { version: before.version })}
          </Button>
        )}
        <PrintButton study={document.studyInstanceUid} report={version} />
      </header>
      {amendment && (
        <p className="report-amended" data-testid="report-amended">
          {t('report.amended', {
            kind: t(`report.amend.${amendment.kind}`),
            reason: amendment.reason,
          })}
        </p>
      )}
      {same && <p className="quiet">{t('report.compareSame', { version: before.version })}</p>}
      <ReportSections text={document.text} before={compared && before ? before.text : null} />
      <KeyImageStrip study={document.studyInstanceUid} images={document.keyImages ?? []} onImages={null} />
      <footer className="report-signature" data-testid="report-signature">
        {t('report.signatureState', { algorithm })}
        {version.veiled && (
          <span title={t('labels.veiled.hint')} data-testid="report-veiled">
            {' · '}
            {t('labels.veiled.mark')}
          </span>
        )}
      </footer>
    </article>
  )
}
