import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useClock } from '../bridge/index.ts'
import { DateField } from './date-field.tsx'
import { dayAfter, lastDay, type Period, periodChoices, periodOf } from './period.ts'

/** Two dates, both included, and the periods that are asked for most. */
export function PeriodPicker({ period, onPeriod }: { period: Period; onPeriod: (period: Period) => void }) {
  const { t } = useTranslation()
  const clock = useClock()
  const chosen = periodChoices.find((choice) => {
    const { from, to } = periodOf(choice, clock())
    return from === period.from && to === period.to
  })
  return (
    <span className="period">
      <Select
        value={chosen ?? null}
        placeholder={t('retrospect.period.own')}
        onChange={(choice) => choice && onPeriod(periodOf(choice, clock()))}
        options={periodChoices.map((value) => ({ value, label: t(`retrospect.period.${value}`) }))}
        className="period-choice"
        aria-label={t('retrospect.period.title')}
        data-testid="period-choice"
      />
      <DateField
        value={period.from}
        onDay={(from) => onPeriod({ from, to: Math.max(period.to, dayAfter(from)) })}
        label={t('retrospect.period.from')}
        testId="period-from"
      />
      <span aria-hidden="true">–</span>
      <DateField
        value={lastDay(period)}
        onDay={(last) => onPeriod({ from: Math.min(period.from, last), to: dayAfter(last) })}
        label={t('retrospect.period.to')}
        testId="period-to"
      />
    </span>
  )
}
