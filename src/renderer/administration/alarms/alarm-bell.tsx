import { useTranslation } from 'react-i18next'
import { isOpen } from './alarm-words.ts'
import './alarms.css'
import { useAlarms } from './use-alarms.ts'

/** The officers' bell: how many alarms nobody has acknowledged, and the way to them. */
export function AlarmBell({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation()
  const open = useAlarms().rows.filter(isOpen)
  const serious = open.some(({ severity }) => severity === 'serious')
  const label =
    open.length > 0
      ? t('dataProtection.alarm.bell', { count: open.length })
      : t('dataProtection.alarm.bellNone')
  return (
    <button
      type="button"
      className="header-button alarm-bell"
      title={label}
      aria-label={label}
      onClick={onOpen}
      data-testid="alarm-bell"
      data-open={open.length}
      data-serious={serious}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d="M8 1.5a4 4 0 0 0-4 4c0 4-1.6 5.2-1.6 5.8h11.2c0-.6-1.6-1.8-1.6-5.8a4 4 0 0 0-4-4zM6.4 13a1.7 1.7 0 0 0 3.2 0z"
          fill="currentColor"
        />
      </svg>
      {open.length > 0 && <span className="alarm-count number">{open.length}</span>}
    </button>
  )
}

/** The same figure beside the area's name. */
export function AlarmCount() {
  const open = useAlarms().rows.filter(isOpen).length
  return open > 0 && <span className="alarm-count number">{open}</span>
}
