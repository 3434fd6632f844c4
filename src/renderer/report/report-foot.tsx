import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ReportSection } from '../../shared/critical/index.ts'
import type { Failure } from '../../shared/errors/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission, useSession } from '../app/session.ts'
import { useKeyHint } from '../keys/keys-provider.tsx'
import type { SaveState } from './autosave.ts'
import { SaveIndicator } from './save-indicator.tsx'
import { longest } from './use-report-text.ts'

interface ReportFootProps {
  save: SaveState
  tooLong: ReportSection | null
  /** It may be handed in for review: not where one reviews it. */
  submits: boolean
  busy: boolean
  failure: Failure | null
  onSubmit: () => void
  onSignOff: () => void
}

/** Where the text is saved, and the ways on: to review, to the signature. */
export function ReportFoot({ save, tooLong, submits, busy, failure, onSubmit, onSignOff }: ReportFootProps) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const signs = usePermission('report.sign')
  // A button that is missing explains nothing.
  const { factor, permissions } = useSession()
  const withheld = factor === 'fallback'
  const submitKey = useKeyHint(permissions.includes('report.sign') ? 'report.submit' : 'report.signOff')
  return (
    <footer className="report-foot">
      {failure ? (
        <span className="save-state save-refused" role="alert" data-testid="submit-failed">
          {t('review.hand.submitFailed')}
          {sentence(failure)}
        </span>
      ) : tooLong ? (
        <span className="save-state save-refused" role="alert">
          {t(`report.section.${tooLong}`)}：{t('report.tooLong', { max: longest[tooLong] })}
        </span>
      ) : (
        <SaveIndicator state={save} />
      )}
      {withheld && (
        <span className="quiet" data-testid="sign-off-withheld">
          {t('report.signOffNeedsKey')}
        </span>
      )}
      <span className="report-ways">
        {submits && (
          <Button
            type={signs ? 'default' : 'primary'}
            onClick={onSubmit}
            loading={busy}
            disabled={tooLong !== null}
            title={t('review.hand.submitHint', { key: submitKey })}
            data-testid="submit-report"
          >
            {t('review.hand.submit')}
          </Button>
        )}
        {signs && (
          <Button
            type="primary"
            onClick={onSignOff}
            disabled={tooLong !== null || busy}
            title={t('report.signOffHint')}
            data-testid="sign-off"
          >
            {t('report.signOff')}
          </Button>
        )}
      </span>
    </footer>
  )
}
