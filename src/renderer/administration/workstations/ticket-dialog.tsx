import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { TextField } from '../frame/field.tsx'
import { OneTimeDialog, OneTimeValue } from '../frame/one-time-dialog.tsx'

/** A one-time ticket with which a workstation enrols. */
export function TicketDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [minutes, setMinutes] = useState('60')
  const [made, setMade] = useState<{ ticket: string; expiresAt: number } | null>(null)
  const wanted = /^\d{1,4}$/.test(minutes.trim()) ? Number(minutes) : 0
  const inBounds = wanted >= 1 && wanted <= 1440
  return made ? (
    <OneTimeDialog
      title={t('administration.workstation.ticketMade')}
      text={t('administration.workstation.ticketText')}
      onClose={onClose}
    >
      <OneTimeValue value={made.ticket} long expiresAt={made.expiresAt} />
    </OneTimeDialog>
  ) : (
    <ActionDialog
      title={t('administration.workstation.ticket')}
      submit={t('administration.workstation.ticketSubmit')}
      ready={inBounds}
      run={() => unwrap(bridge.administrationCreateEnrolmentTicket({ minutes: wanted }))}
      onDone={setMade}
      onClose={onClose}
    >
      <p className="dialog-text">{t('administration.workstation.ticketFollows')}</p>
      <TextField
        label={t('administration.workstation.ticketMinutes')}
        value={minutes}
        onChange={setMinutes}
        hint={t('administration.workstation.ticketMinutesHint')}
        mistake={inBounds ? undefined : t('administration.workstation.ticketMinutesHint')}
        inputMode="numeric"
        maxLength={4}
        testId="ticket-minutes"
      />
    </ActionDialog>
  )
}
