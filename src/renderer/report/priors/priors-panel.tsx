import { Select } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PriorStudy } from '../../../shared/api/index.ts'
import type { ReportText, SignedReport } from '../../../shared/report/index.ts'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { useAction, useKeyHint } from '../../keys/keys-provider.tsx'
import { ReportSections } from '../report-sections.tsx'

interface PriorsPanelProps {
  priors: readonly PriorStudy[]
  chosen: string | null
  onChoose: (study: string) => void
  report: { data: SignedReport | null | undefined; error: unknown; retry: () => void }
  /** The text as it stands, to compare with. */
  present: ReportText
  /** Words that were selected, or both sections. */
  onCopy: (words: string | ReportText) => void
  onClose: () => void
}

/** A prior report beside the one that is being written. */
export function PriorsPanel(props: PriorsPanelProps) {
  const { priors, chosen, onChoose, report, present, onCopy, onClose } = props
  const { t } = useTranslation()
  const [compared, setCompared] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const key = useKeyHint('report.copyPrior')
  const text = report.data?.document.text ?? null
  const copy = () => {
    const selection = window.getSelection()
    const words = selection?.toString() ?? ''
    const here = words !== '' && selection?.anchorNode && body.current?.contains(selection.anchorNode)
    if (here) onCopy(words)
    else if (text) onCopy(text)
  }
  useAction('report.copyPrior', copy, text !== null)
  return (
    <section className="priors" data-testid="priors-panel" aria-label={t('review.priors.title')}>
      <div className="priors-head">
        <Select
          size="small"
          className="priors-choice"
          value={chosen}
          onChange={onChoose}
          placeholder={t('review.priors.choose')}
          aria-label={t('review.priors.choose')}
          popupMatchSelectWidth={false}
          options={priors.map((prior) => ({
            value: prior.studyInstanceUid,
            disabled: prior.masked,
            label: `${day(prior.studyDate)} ${prior.itemName || prior.description}${
              prior.masked ? `（${t('review.priors.masked')}）` : ''
            }`,
          }))}
          data-testid="priors-choice"
        />
        <button
          type="button"
          className="link-button"
          // The selection in the prior's text is what is copied.
          onMouseDown={(event) => event.preventDefault()}
          onClick={copy}
          disabled={!text}
          title={t('review.priors.copyHint', { key })}
          data-testid="prior-copy"
        >
          {t('review.priors.copyAll')}
        </button>
        <button
          type="button"
          className="link-button"
          onClick={() => setCompared(!compared)}
          aria-pressed={compared}
          disabled={!text}
          data-testid="prior-compare"
        >
          {t(compared ? 'review.priors.compareHide' : 'review.priors.compare')}
        </button>
        <button type="button" className="link-button" onClick={onClose} aria-label={t('review.priors.close')}>
          ✕
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls is read by keyboard too */}
      <div ref={body} className="priors-body" tabIndex={0} data-testid="prior-text">
        {report.error ? (
          <FailureNotice title={t('review.priors.failed')} thrown={report.error} onRetry={report.retry} />
        ) : report.data && text ? (
          <>
            <p className="quiet">
              {t('review.priors.version', {
                version: report.data.document.version,
                name: report.data.document.author.name,
              })}
            </p>
            <ReportSections text={compared ? present : text} before={compared ? text : null} />
          </>
        ) : (
          <p className="quiet">
            {t(report.data === null || priors.length === 0 ? 'review.priors.none' : 'review.priors.loading')}
          </p>
        )}
      </div>
    </section>
  )
}

/** DICOM DA as a day. */
function day(date: string): string {
  return /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date
}
