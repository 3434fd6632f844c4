import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type GlassBreakRow, GlassVerdict, labelsApi } from '../../../shared/api/labels.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { TextField } from '../frame/field.tsx'

const Note = labelsApi.reviewGlassBreak.body.shape.note

/** Says whether opening a labelled exam was right, once and for good. */
export function ReviewDialog({ row, onClose }: { row: GlassBreakRow; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [verdict, setVerdict] = useState<GlassVerdict | null>(null)
  const [note, setNote] = useState('')
  return (
    <ActionDialog
      title={t('labels.glass.reviewTitle')}
      submit={t('labels.glass.submit')}
      ready={verdict !== null && Note.safeParse(note).success}
      run={async () => {
        if (verdict) await unwrap(bridge.glassReview({ id: row.id, verdict, note: note.trim() }))
      }}
      done={t('labels.glass.done')}
      onClose={onClose}
    >
      <p className="dialog-whom">
        {t('labels.glass.whom', { who: row.who, accession: row.accessionNumber || t('labels.reveal.none') })}
      </p>
      <p className="dialog-text">
        {dateTime(row.at)}　{row.reason}
      </p>
      <p className="dialog-text">{t('labels.glass.reviewText')}</p>
      <Radio.Group
        value={verdict}
        onChange={({ target }) => setVerdict(target.value as GlassVerdict)}
        aria-label={t('labels.glass.verdictTitle')}
        options={GlassVerdict.options.map((value) => ({ value, label: t(`labels.glass.verdict.${value}`) }))}
        data-testid="glass-verdict"
      />
      <TextField
        label={t('labels.glass.note')}
        value={note}
        onChange={setNote}
        maxLength={400}
        testId="glass-note"
      />
    </ActionDialog>
  )
}
