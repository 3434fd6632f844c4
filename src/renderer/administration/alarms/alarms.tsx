import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alarm } from '../../../shared/alarm/index.ts'
import { usePermission } from '../../app/session.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { AcknowledgeDialog } from './acknowledge-dialog.tsx'
import { alarmColumns } from './alarm-columns.tsx'
import { AlarmFacts } from './alarm-facts.tsx'
import { byUrgency, isOpen } from './alarm-words.ts'
import { useAlarms } from './use-alarms.ts'

/** What the product watches over by itself and somebody must see to. */
export function Alarms() {
  const { t } = useTranslation()
  const asked = useAlarms()
  const mayAcknowledge = usePermission('alarm.acknowledge')
  const rows = useMemo(() => asked.rows.toSorted(byUrgency), [asked.rows])
  const columns = useMemo(() => alarmColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const [acknowledging, setAcknowledging] = useState<Alarm | null>(null)
  const row = rows.find(({ id }) => id === selected)
  const standing = rows.filter(({ clearedAt }) => clearedAt === null).length
  return (
    <>
      <OfficerScreen
        table="alarms"
        title={t('areas.alarms')}
        listing={{ ...asked, rows }}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={(alarm) => mayAcknowledge && isOpen(alarm) && setAcknowledging(alarm)}
        attributes={({ kind, severity }) => ({ 'data-kind': kind, 'data-severity': severity })}
        summary={
          standing > 0 && (
            <span className="state-bad" data-testid="alarms-standing">
              {t('dataProtection.alarm.standing', { count: standing })}
            </span>
          )
        }
        aside={
          row && (
            <AlarmFacts
              alarm={row}
              mayAcknowledge={mayAcknowledge}
              onAcknowledge={() => setAcknowledging(row)}
              onClose={() => setSelected(null)}
            />
          )
        }
        hint={t('dataProtection.alarm.hint')}
      />
      {acknowledging && <AcknowledgeDialog alarm={acknowledging} onClose={() => setAcknowledging(null)} />}
    </>
  )
}
