import { useQuery } from '@tanstack/react-query'
import { Checkbox, QRCode } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AccountRow, Reason, type TotpEnrolment } from '../../../shared/api/administration.ts'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import { sentenceTime } from '../../i18n/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { TextField } from '../frame/field.tsx'
import { administrationKey } from '../frame/listing.ts'
import { OneTimeDialog, OneTimeValue } from '../frame/one-time-dialog.tsx'
import { ReasonField } from '../frame/reason-dialog.tsx'
import { whose } from './account-words.tsx'
import { inGroups } from './in-groups.ts'

interface Granted {
  endsAt: number
  totp: TotpEnrolment | null
}

/** Lets password and TOTP stand in for a lost key, for hours that policy bounds. */
export function FallbackDialog({ row, onClose }: { row: AccountRow; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const [hours, setHours] = useState('8')
  const [reason, setReason] = useState('')
  const [newTotp, setNewTotp] = useState(false)
  const [granted, setGranted] = useState<Granted | null>(null)
  const policy = useQuery({
    queryKey: [administrationKey, 'policy'],
    queryFn: () => unwrap(bridge.administrationPolicy()),
  })
  const rules = policy.data?.policy.signIn
  const most = rules?.fallbackLongestHours ?? 72
  const wanted = /^\d{1,2}$/.test(hours.trim()) ? Number(hours) : 0
  const inBounds = wanted >= 1 && wanted <= most
  const forbidden = rules?.fallbackAllowed === false
  if (granted) {
    return (
      <OneTimeDialog
        title={t('administration.account.done.grant-fallback')}
        whom={whose(t, row)}
        text={t(
          granted.totp
            ? 'administration.account.fallbackGrantedNew'
            : 'administration.account.fallbackGranted',
          { time: sentenceTime(granted.endsAt, clock()) },
        )}
        onClose={onClose}
      >
        {granted.totp && (
          <>
            <div className="qr" data-testid="totp-qr">
              {/* Dark on white: cameras do not read it the other way round. */}
              <QRCode
                value={granted.totp.uri}
                size={200}
                color="#000000"
                bgColor="#ffffff"
                bordered={false}
              />
            </div>
            <OneTimeValue value={granted.totp.secret} shown={inGroups(granted.totp.secret)} />
          </>
        )}
      </OneTimeDialog>
    )
  }
  return (
    <ActionDialog
      title={t('administration.account.action.grant-fallback')}
      submit={t('administration.account.submit.grant-fallback')}
      ready={inBounds && Reason.safeParse(reason).success && !forbidden}
      run={() =>
        unwrap(
          bridge.administrationGrantFallback({ id: row.id, hours: wanted, reason: reason.trim(), newTotp }),
        )
      }
      onDone={setGranted}
      onClose={onClose}
    >
      <p className="dialog-whom">{whose(t, row)}</p>
      <p className="dialog-text">{t('administration.account.follows.grant-fallback')}</p>
      {forbidden && (
        <p className="notice dialog-failure" role="alert">
          {t('administration.account.fallbackForbidden')}
        </p>
      )}
      {row.password === null && (
        <p className="notice dialog-failure">{t('administration.account.fallbackNoPassword')}</p>
      )}
      <TextField
        label={t('administration.account.fallbackHours')}
        value={hours}
        onChange={setHours}
        hint={t('administration.account.fallbackHoursHint', { most })}
        mistake={inBounds ? undefined : t('administration.account.fallbackHoursHint', { most })}
        inputMode="numeric"
        maxLength={2}
        testId="fallback-hours"
      />
      {row.totpEnrolled && (
        <Checkbox
          checked={newTotp}
          onChange={(event) => setNewTotp(event.target.checked)}
          data-testid="fallback-new-totp"
        >
          {t('administration.account.fallbackNewTotp')}
        </Checkbox>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  )
}
