import { useTranslation } from 'react-i18next'
import type { AlertDetail } from '../../shared/alert/index.ts'
import { dateTime } from '../i18n/index.ts'
import { personName } from '../patient/patient-facts.ts'
import { recipientText } from './event-words.ts'

/** Whose it is, of which exam, to whom it goes, and under which dictionary it was raised. What nobody gave is left out. */
export function AlertFacts({ detail }: { detail: AlertDetail }) {
  const { t } = useTranslation()
  const { alert } = detail
  const side = alert.side && t(`finding.sides.${alert.side}` as 'finding.sides.left')
  const facts: [name: 'id', value: string | null][] = (
    [
      ['recipient', recipientText(t, alert.recipient)],
      ['phone', alert.recipient.phone],
      ['patientId', `${personName(alert.patientName)} ${alert.patientId}`],
      ['place', [alert.ward, alert.bed].filter(Boolean).join(' / ')],
      ['accession', alert.accessionNumber],
      ['item', detail.itemName],
      ['ordering', [detail.orderingDepartment, detail.orderingDoctor].filter(Boolean).join(' ')],
      ['patientPhone', detail.patientPhone],
      ['keyword', alert.keyword],
      ['side', side],
      ['raised', `${alert.raisedBy} ${dateTime(alert.raisedAt)}`],
      ['dictionary', alert.dictionaryVersion],
      ['id', alert.id],
    ] as [name: 'id', value: string | null][]
  ).filter(([, value]) => value)
  return (
    <dl className="alert-facts" data-testid="alert-facts">
      {facts.map(([name, value]) => (
        <div key={name} data-fact={name}>
          <dt>{t(`alerts.facts.${name}`)}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
