import { useTranslation } from 'react-i18next'
import type { AlertStatistics } from '../../../shared/api/index.ts'
import { durationText, shareText } from './duration.ts'

/** The figures that the hospital is asked for first. */
export function Figures({ statistics: { total } }: { statistics: AlertStatistics }) {
  const { t } = useTranslation()
  const figures: [name: string, value: string, more: string][] = [
    [
      t('retrospect.figure.count'),
      String(total.count),
      t('retrospect.figure.withdrawn', { count: total.withdrawn }),
    ],
    [
      t('retrospect.figure.receiveWithin'),
      shareText(total.receiveWithin) || '–',
      t('retrospect.figure.received', { count: total.received }),
    ],
    [
      t('retrospect.figure.receiveMedian'),
      durationText(t, total.receiveMedianMs) || '–',
      t('retrospect.figure.p95', { time: durationText(t, total.receiveP95Ms) || '–' }),
    ],
    [
      t('retrospect.figure.handleWithin'),
      shareText(total.handleWithin) || '–',
      t('retrospect.figure.handled', { count: total.handled }),
    ],
    [
      t('retrospect.figure.handleMedian'),
      durationText(t, total.handleMedianMs) || '–',
      t('retrospect.figure.p95', { time: durationText(t, total.handleP95Ms) || '–' }),
    ],
    [
      t('retrospect.figure.escalated'),
      String(total.escalated),
      t('retrospect.figure.byPhone', { count: total.byPhone }),
    ],
  ]
  return (
    <dl className="figures" data-testid="figures">
      {figures.map(([name, value, more]) => (
        <div key={name} className="figure">
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
          <dd className="quiet">{more}</dd>
        </div>
      ))}
    </dl>
  )
}
