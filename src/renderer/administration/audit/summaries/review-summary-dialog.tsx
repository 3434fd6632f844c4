import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditReportRow } from '../../../../shared/api/audit.ts'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { ActionDialog } from '../../frame/action-dialog.tsx'
import { noteFits, ReviewNote } from '../review-note.tsx'
import { summaryName } from './summary-columns.tsx'

/** That an audit report was read, by whom and with what outcome: it is what an assessor asks for. */
export function ReviewSummaryDialog({ summary, onClose }: { summary: AuditReportRow; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [note, setNote] = useState('')
  return (
    <ActionDialog
      title={t('auditor.review.summary')}
      submit={t('auditor.review.save')}
      ready={noteFits(note)}
      run={() => unwrap(bridge.auditReviewSummary({ id: summary.id, note: note.trim() }))}
      done={t('auditor.review.saved')}
      onClose={onClose}
      long={note !== ''}
    >
      <p className="dialog-whom">{summaryName(t, summary)}</p>
      <p className="dialog-text">{t('auditor.review.summaryText')}</p>
      <ReviewNote note={note} onNote={setNote} />
    </ActionDialog>
  )
}
