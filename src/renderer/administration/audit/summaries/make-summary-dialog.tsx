import { Radio } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditReportKind } from '../../../../shared/api/audit.ts'
import { unwrap, useBridge, useClock } from '../../../bridge/index.ts'
import { ActionDialog } from '../../frame/action-dialog.tsx'
import { TextField } from '../../frame/field.tsx'
import { isPeriod, lastPeriod } from './period-shape.ts'

interface MakeSummaryDialogProps {
  /** With the id of what was made. */
  onMade: (id: string) => void
  onClose: () => void
}

/** An audit report of a day or a month that is over. */
export function MakeSummaryDialog({ onMade, onClose }: MakeSummaryDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const [kind, setKind] = useState<AuditReportKind>('daily')
  const [period, setPeriod] = useState(() => lastPeriod('daily', clock()))
  const [since, setSince] = useState<number | null>(null)
  const right = isPeriod(kind, period)
  return (
    <ActionDialog
      title={t('auditor.summary.make')}
      submit={t('auditor.summary.makeSubmit')}
      ready={right}
      run={async () => {
        setSince(clock())
        try {
          return await unwrap(bridge.auditMakeSummary({ kind, period }))
        } finally {
          setSince(null)
        }
      }}
      done={t('auditor.summary.made')}
      onDone={({ id }) => {
        onMade(id)
        onClose()
      }}
      onClose={onClose}
    >
      <p className="dialog-text">{t('auditor.summary.makeText')}</p>
      <fieldset className="field-group">
        <legend>{t('auditor.summary.kind')}</legend>
        <Radio.Group
          value={kind}
          onChange={(event) => {
            setKind(event.target.value)
            setPeriod(lastPeriod(event.target.value, clock()))
          }}
          options={(['daily', 'monthly'] as const).map((value) => ({
            value,
            label: t(`auditor.summary.kinds.${value}`),
          }))}
          disabled={since !== null}
        />
      </fieldset>
      <TextField
        label={t('auditor.summary.period')}
        value={period}
        onChange={setPeriod}
        hint={t(`auditor.summary.periodHint.${kind}`)}
        mistake={right ? undefined : t('auditor.summary.periodWrong')}
        maxLength={10}
        inputMode="numeric"
        disabled={since !== null}
        testId="summary-period"
      />
      {since !== null && <Busy since={since} />}
    </ActionDialog>
  )
}

/** The gateway goes through every record of the period: how long it has been at it. */
function Busy({ since }: { since: number }) {
  const { t } = useTranslation()
  const clock = useClock()
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 1000)
    return () => clearInterval(timer)
  }, [clock])
  return (
    <div className="audit-busy" role="status" data-testid="summary-busy">
      <progress aria-label={t('auditor.summary.making')} />
      <span className="number">
        {t('auditor.summary.makingFor', { seconds: Math.max(0, Math.round((now - since) / 1000)) })}
      </span>
    </div>
  )
}
