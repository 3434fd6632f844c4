import { useTranslation } from 'react-i18next'

/** Alerts whose record was changed: they are named, never silently missing. */
export function DamagedNotice({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation()
  if (ids.length === 0) return null
  return (
    <div className="damaged" role="alert" data-testid="alerts-damaged">
      <strong>{t('alerts.damaged.title', { count: ids.length })}</strong>
      <p>{t('alerts.damaged.hint')}</p>
      <ul>
        {ids.map((id) => (
          <li key={id} className="number">
            {id}
          </li>
        ))}
      </ul>
    </div>
  )
}
