import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FindingDecision, ReportDocument } from '../../shared/report/index.ts'
import { personName } from '../patient/patient-facts.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import { useDeadline } from './use-deadline.ts'

export type AlertDecision = Extract<FindingDecision, { action: 'alert' }>

/** An alert's tick is for exactly what it said when it was ticked. */
export function tickOf(decision: AlertDecision): string {
  return JSON.stringify(decision)
}

interface SecondLookProps {
  document: ReportDocument
  alerts: readonly AlertDecision[]
  types: CriticalTypes
  ticked: ReadonlySet<string>
  onTick: (tick: string, on: boolean) => void
  showLack: boolean
  disabled: boolean
}

/** Reads back everything that is about to go out, for the same person to check a second time. */
export function SecondLook({ document, alerts, types, ticked, onTick, showLack, disabled }: SecondLookProps) {
  const { t } = useTranslation()
  const deadline = useDeadline(types)
  const patient = [personName(document.patientName), document.patientId, document.accessionNumber]
  return (
    <div className="second-look" data-testid="second-look">
      <h3 className="sign-off-heading">{t('signOff.twice.title')}</h3>
      <p className="quiet">{t('signOff.twice.intro')}</p>
      {alerts.map((alert, index) => {
        const tick = tickOf(alert)
        const { kind, name, department, phone } = alert.recipient
        const facts: [string, string][] = [
          [t('signOff.twice.patient'), patient.filter(Boolean).join('　')],
          [t('signOff.type'), types.name(alert.alertType)],
          [t('signOff.level'), deadline(alert.level)],
          [t('signOff.content'), alert.content],
          [
            t('signOff.recipient'),
            [t(`signOff.recipientKind.${kind}`), name, department === name ? '' : department]
              .filter(Boolean)
              .join(' · '),
          ],
          [t('signOff.phone'), phone || '—'],
        ]
        return (
          <section
            key={tick}
            className={showLack && !ticked.has(tick) ? 'decision decision-lacks' : 'decision'}
            data-testid="second-look-alert"
          >
            <dl className="second-look-facts">
              {facts.map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            <Checkbox
              checked={ticked.has(tick)}
              onChange={(event) => onTick(tick, event.target.checked)}
              autoFocus={index === 0}
              disabled={disabled}
              data-testid="second-look-tick"
            >
              {t('signOff.twice.tick')}
            </Checkbox>
          </section>
        )
      })}
    </div>
  )
}
