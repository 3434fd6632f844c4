import { useTranslation } from 'react-i18next'
import type { ReportTemplate } from '../../shared/settings/index.ts'
import { useKeyHint } from '../keys/keys-provider.tsx'

interface ReportToolsProps {
  /** Whether the prior report is shown; null where there is none to show. */
  priors: boolean | null
  priorCount: number
  onTemplate: () => void
  onPhrases: () => void
  onPriors: () => void
  onHistory: () => void
  /** The template that fits best, while the report is empty. */
  offered: ReportTemplate | null
  onOffered: (template: ReportTemplate) => void
}

/** What helps to write, in one line. */
export function ReportTools(props: ReportToolsProps) {
  const { t } = useTranslation()
  const key = {
    template: useKeyHint('report.template'),
    phrases: useKeyHint('report.phrases'),
    priors: useKeyHint('report.priors'),
    history: useKeyHint('report.history'),
  }
  const { offered } = props
  return (
    <div className="report-tools" role="toolbar" aria-label={t('review.tools.label')}>
      <button type="button" onClick={props.onTemplate} data-testid="tool-template">
        {t('review.tools.template')} <kbd>{key.template}</kbd>
      </button>
      {offered && (
        <button
          type="button"
          className="report-offer"
          onClick={() => props.onOffered(offered)}
          title={t('review.templates.offered')}
          data-testid="template-offered"
        >
          {offered.name}
        </button>
      )}
      <button type="button" onClick={props.onPhrases} data-testid="tool-phrases">
        {t('review.tools.phrases')} <kbd>{key.phrases}</kbd>
      </button>
      <span className="space" />
      <button
        type="button"
        onClick={props.onPriors}
        aria-pressed={props.priors ?? false}
        disabled={props.priors === null}
        data-testid="tool-priors"
      >
        {t('review.tools.priors')}
        {props.priorCount > 0 && <span className="number"> {props.priorCount}</span>} <kbd>{key.priors}</kbd>
      </button>
      <button type="button" onClick={props.onHistory} data-testid="tool-history">
        {t('review.tools.history')} <kbd>{key.history}</kbd>
      </button>
    </div>
  )
}
