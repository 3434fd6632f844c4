import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { GlassDialog } from './glass-dialog.tsx'
import './access.css'

interface RestrictedNoticeProps {
  title: string
  thrown: unknown
  study: string
  accessionNumber: string
  /** Asks again: what was closed may be open. */
  onRetry: () => void
}

/** A report, or what was written out of it, that could not be shown; where its label is why, with the way to break the glass. */
export function RestrictedNotice({ title, thrown, study, accessionNumber, onRetry }: RestrictedNoticeProps) {
  const { t } = useTranslation()
  const breaksGlass = usePermission('study.break-glass')
  const [asking, setAsking] = useState(false)
  if (failureOf(thrown).code !== 'study-restricted' || !breaksGlass)
    return <FailureNotice title={title} thrown={thrown} onRetry={onRetry} />
  return (
    <div className="restricted" data-testid="report-restricted">
      <FailureNotice title={title} thrown={thrown} />
      <Button danger onClick={() => setAsking(true)} data-testid="report-break-glass">
        {t('labels.glassReport.open')}
      </Button>
      {asking && (
        <GlassDialog
          study={study}
          accessionNumber={accessionNumber}
          report
          onBroken={() => {
            setAsking(false)
            onRetry()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}
