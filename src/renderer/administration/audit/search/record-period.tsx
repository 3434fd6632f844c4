import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useClock } from '../../../bridge/index.ts'
import { DateField } from '../../../retrospect/date-field.tsx'
import { dayAfter, lastDay, type Period } from '../../../retrospect/period.ts'
import { choiceOf, type RecordPeriod, recordPeriodOf, recordPeriods } from './period-choices.ts'

interface RecordPeriodProps {
  period: Period | null
  onPeriod: (period: Period | null) => void
  choices?: readonly RecordPeriod[]
}

/** From which day to which, both included; and the periods that are asked for most. */
export function RecordPeriodPicker({ period, onPeriod, choices = recordPeriods }: RecordPeriodProps) {
  const { t } = useTranslation()
  const clock = useClock()
  return (
    <span className="audit-period">
      <Select
        value={choiceOf(period, clock())}
        placeholder={t('retrospect.period.own')}
        onChange={(choice) => choice && onPeriod(recordPeriodOf(choice, clock()))}
        options={choices.map((value) => ({ value, label: t(`auditor.period.${value}`) }))}
        className="audit-period-choice"
        aria-label={t('auditor.period.title')}
        data-testid="audit-period"
      />
      {period && (
        <>
          <DateField
            value={period.from}
            onDay={(from) => onPeriod({ from, to: Math.max(period.to, dayAfter(from)) })}
            label={t('retrospect.period.from')}
            testId="audit-from"
          />
          <span aria-hidden="true">–</span>
          <DateField
            value={lastDay(period)}
            onDay={(last) => onPeriod({ from: Math.min(period.from, last), to: dayAfter(last) })}
            label={t('retrospect.period.to')}
            testId="audit-to"
          />
        </>
      )}
    </span>
  )
}
