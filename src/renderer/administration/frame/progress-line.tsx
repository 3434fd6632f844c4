import { Progress as Bar } from 'antd'
import { useTranslation } from 'react-i18next'
import { durationText } from './figures.ts'

interface ProgressLineProps {
  label: string
  /** `total` 0 where it is not known. */
  progress: { done: number; total: number; startedAt: number }
  now: number
  testId: string
}

/** How far something long is. */
export function ProgressLine({ label, progress, now, testId }: ProgressLineProps) {
  const { t } = useTranslation()
  const { done, total, startedAt } = progress
  const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : null
  const time = durationText(t, now - startedAt)
  const text =
    percent === null
      ? t('dataProtection.progressUnknown', { time })
      : t('dataProtection.progress', { percent, time })
  return (
    <div className="officer-progress" role="status" data-testid={testId}>
      <span>
        {label}　<span className="quiet number">{text}</span>
      </span>
      <Bar percent={percent ?? 0} showInfo={false} size="small" status="active" aria-label={label} />
    </div>
  )
}
