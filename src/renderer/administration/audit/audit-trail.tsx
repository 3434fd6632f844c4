import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../../../shared/api/administration.ts'
import { useBridge } from '../../bridge/index.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { usePagedListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { AuditRecord } from './audit-record.tsx'
import { actionText, factsLine, whoText } from './audit-words.ts'
import './audit.css'

/** The newest audit records first, older ones on request. Read only: there is no other way to the audit. */
export function AuditTrail() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [selected, setSelected] = useState<string | null>(null)
  const listing = usePagedListing('audit', bridge.administrationAudit)
  const columns = useMemo(() => columnsOf(t), [t])
  const chosen = listing.rows.find((row) => String(row.seq) === selected)
  return (
    <OfficerScreen
      table="audit"
      title={t('areas.audit')}
      listing={listing}
      columns={columns}
      rowKey={(row) => String(row.seq)}
      selected={selected}
      onSelect={setSelected}
      attributes={(row) => ({ 'data-action': row.action })}
      hint={t('administration.auditKeys')}
      {...(chosen && { below: <AuditRecord row={chosen} onClose={() => setSelected(null)} /> })}
    />
  )
}

function columnsOf(t: Translate): Column<AuditRow>[] {
  const who = (row: AuditRow) => row.actorName ?? whoText(t, row.actor)
  const what = (row: AuditRow) => whoText(t, row.object, row.objectName)
  const outcome = (row: AuditRow) => t(`administration.outcomes.${row.outcome}`)
  return [
    {
      key: 'seq',
      title: t('administration.seq'),
      width: 88,
      render: (row) => <span className="number">{row.seq}</span>,
      text: (row) => String(row.seq),
      order: (row) => row.seq,
    },
    timeColumn('at', t('administration.at'), (row) => row.at),
    {
      key: 'action',
      title: t('administration.action'),
      width: 152,
      grow: 1,
      render: (row) => actionText(t, row.action),
      text: (row) => actionText(t, row.action),
      choices: (row) => [actionText(t, row.action)],
    },
    {
      key: 'outcome',
      title: t('administration.outcome'),
      width: 72,
      render: (row) => <span className={row.outcome === 'success' ? '' : 'state-bad'}>{outcome(row)}</span>,
      text: outcome,
      choices: (row) => [outcome(row)],
    },
    {
      key: 'actor',
      title: t('administration.actor'),
      width: 136,
      grow: 1,
      render: (row) => <span title={row.actor}>{who(row)}</span>,
      text: who,
    },
    {
      key: 'object',
      title: t('administration.object'),
      width: 184,
      grow: 1,
      render: (row) => <span title={row.object}>{what(row)}</span>,
      text: (row) => `${what(row)} ${row.object}`,
    },
    {
      key: 'detail',
      title: t('administration.detail'),
      width: 240,
      grow: 4,
      render: (row) => <span className="quiet">{factsLine(t, row)}</span>,
      text: (row) => factsLine(t, row),
    },
  ]
}
