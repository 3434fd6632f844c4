// biome-ignore-all lint/a11y/useSemanticElements: an option holds several lines, which a select does not
// biome-ignore-all lint/a11y/useFocusableInteractive: the list box holds the focus and names the active option
import { type KeyboardEvent, memo, type Ref, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { Countdown } from './countdown.tsx'
import { recipientText } from './event-words.ts'
import { LevelTag } from './level-tag.tsx'
import { ProgressLine } from './progress-line.tsx'

interface AlertListProps {
  alerts: readonly Alert[]
  selected: string | null
  onSelect: (id: string) => void
  empty: string
  ref: Ref<HTMLDivElement>
}

/** The alerts of one filter, by keyboard ↑ ↓ Home End. What is out of sight is not laid out. */
export function AlertList({ alerts, selected, onSelect, empty, ref }: AlertListProps) {
  const { t } = useTranslation()
  const id = useId()
  const at = alerts.findIndex((alert) => alert.id === selected)
  const active = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (selected !== null) active.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? alerts.length - 1 : at - 1,
      Home: 0,
      End: alerts.length - 1,
    }
    const target = moves[event.key]
    if (target === undefined || alerts.length === 0) return
    event.preventDefault()
    const row = alerts[Math.max(0, Math.min(alerts.length - 1, target))]
    if (row) onSelect(row.id)
  }

  if (alerts.length === 0)
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the panel's way to its list ends here, filled or empty
      <div ref={ref} className="alert-rows" tabIndex={0} data-testid="alert-rows">
        <p className="alert-rows-empty">{empty}</p>
      </div>
    )
  return (
    <div
      ref={ref}
      className="alert-rows"
      role="listbox"
      aria-label={t('alerts.listLabel')}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="alert-rows"
    >
      {alerts.map((alert, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list box itself has the keyboard
        <div
          key={alert.id}
          ref={index === at ? active : undefined}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className={`alert-row alert-row-${alert.level}`}
          onClick={() => onSelect(alert.id)}
          data-testid="alert-row"
          data-alert={alert.id}
          data-status={alert.state.status}
        >
          <RowContent alert={alert} />
        </div>
      ))}
    </div>
  )
}

/** The countdown alone is drawn again each second. */
const RowContent = memo(function RowContent({ alert }: { alert: Alert }) {
  const { t } = useTranslation()
  const { state } = alert
  return (
    <>
      <span className="alert-line">
        <LevelTag level={alert.level} />
        <strong className="cut" title={alert.typeName}>
          {alert.typeName}
        </strong>
        <span className="space" />
        <Countdown state={state} />
      </span>
      <span className="alert-line">
        <strong className="cut patient">{personName(alert.patientName)}</strong>
        <span className="number keep">{alert.accessionNumber}</span>
        <span className="cut quiet">{[alert.ward, alert.bed].filter(Boolean).join(' / ')}</span>
      </span>
      <span className="alert-line">
        <ProgressLine state={state} />
      </span>
      <span className="alert-line quiet">
        <span className="cut">{recipientText(t, alert.recipient)}</span>
        <span className="space" />
        {state.refused && <span className="mark-bad">{t('alerts.refusedStep')}</span>}
        {state.hops > 0 && <span className="mark-warn">{t('alerts.hops', { count: state.hops })}</span>}
      </span>
    </>
  )
})
