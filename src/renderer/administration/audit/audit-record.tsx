import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../../../shared/api/administration.ts'
import { dateTime } from '../../i18n/index.ts'
import { actionText, factsOf } from './audit-words.ts'

/** One audit record in full: every id and digest as it was recorded. */
export function AuditRecord({ row, onClose }: { row: AuditRow; onClose: () => void }) {
  const { t } = useTranslation()
  const facts: [string, string][] = [
    [t('administration.seq'), String(row.seq)],
    [t('administration.at'), dateTime(row.at)],
    [t('administration.action'), `${actionText(t, row.action)}（${row.action}）`],
    [t('administration.outcome'), t(`administration.outcomes.${row.outcome}`)],
    [t('administration.actor'), [row.actorName, row.actor].filter(Boolean).join(' · ')],
    [t('administration.object'), [row.objectName, row.object].filter(Boolean).join(' · ')],
    [t('administration.workstationId'), row.workstation ?? ''],
    [t('administration.address'), row.address ?? ''],
    ...factsOf(t, row),
  ]
  return (
    <section className="audit-record" aria-label={t('administration.record')} data-testid="audit-record">
      <dl>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Button size="small" onClick={onClose}>
        {t('app.close')}
      </Button>
    </section>
  )
}
