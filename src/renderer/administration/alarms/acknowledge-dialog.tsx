import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alarm } from '../../../shared/alarm/index.ts'
import { api } from '../../../shared/api/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { TextField } from '../frame/field.tsx'

/** What an officer says to an alarm. */
export function AcknowledgeDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [note, setNote] = useState('')
  return (
    <ActionDialog
      title={t('dataProtection.alarm.acknowledgeTitle')}
      submit={t('dataProtection.alarm.acknowledgeSubmit')}
      ready={api.acknowledgeAlarm.body.safeParse({ note }).success}
      run={() => unwrap(bridge.alarmsAcknowledge({ id: alarm.id, note: note.trim() }))}
      done={t('dataProtection.alarm.acknowledged')}
      onClose={onClose}
    >
      <p className="dialog-whom">{t(`dataProtection.alarm.kind.${alarm.kind}.name`)}</p>
      <p className="dialog-text">{t('dataProtection.alarm.acknowledgeText')}</p>
      <TextField
        label={t('dataProtection.alarm.acknowledgeNote')}
        value={note}
        onChange={setNote}
        hint={t('dataProtection.alarm.acknowledgeHint')}
        maxLength={300}
        testId="alarm-note"
      />
    </ActionDialog>
  )
}
