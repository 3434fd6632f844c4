import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Anomaly } from '../../../../shared/audit/index.ts'
import { unwrap, useBridge } from '../../../bridge/index.ts'
import { ActionDialog } from '../../frame/action-dialog.tsx'
import { noteFits, ReviewNote } from '../review-note.tsx'
import { anomalySentence } from './anomaly-words.ts'

const verdicts = ['harmless', 'to-follow-up'] as const

/** What the auditor makes of it. It is said once and stays. */
export function ReviewAnomalyDialog({ anomaly, onClose }: { anomaly: Anomaly; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [verdict, setVerdict] = useState<(typeof verdicts)[number] | null>(null)
  const [note, setNote] = useState('')
  return (
    <ActionDialog
      title={t('auditor.review.anomaly')}
      submit={t('auditor.review.save')}
      ready={verdict !== null && noteFits(note)}
      run={() =>
        unwrap(
          bridge.auditReviewAnomaly({
            id: anomaly.id,
            verdict: verdict ?? 'to-follow-up',
            note: note.trim(),
          }),
        )
      }
      done={t('auditor.review.saved')}
      onClose={onClose}
      long={note !== ''}
    >
      <p className="dialog-whom">{t(`auditor.anomaly.kind.${anomaly.kind}`)}</p>
      <p className="dialog-text">{anomalySentence(t, anomaly)}</p>
      <fieldset className="field-group">
        <legend>{t('auditor.review.verdict')}</legend>
        <Radio.Group
          value={verdict}
          onChange={(event) => setVerdict(event.target.value)}
          options={verdicts.map((value) => ({ value, label: t(`auditor.review.verdicts.${value}`) }))}
        />
      </fieldset>
      <ReviewNote note={note} onNote={setNote} />
    </ActionDialog>
  )
}
