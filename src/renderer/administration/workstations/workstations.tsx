import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePermission } from '../../app/session.ts'
import { useBridge } from '../../bridge/index.ts'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { useNow } from '../frame/use-now.ts'
import { TicketDialog } from './ticket-dialog.tsx'
import { workstationColumns } from './workstation-columns.tsx'
import { type WorkstationAction, WorkstationFacts } from './workstation-facts.tsx'

/** The machines that may speak with the gateway. */
export function Workstations() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow()
  const listing = useListing('workstations', bridge.administrationWorkstations)
  const columns = useMemo(() => workstationColumns(t, now), [t, now])
  const [selected, setSelected] = useState<string | null>(null)
  const [action, setAction] = useState<WorkstationAction | null>(null)
  const [ticket, setTicket] = useState(false)
  const manages = usePermission('workstation.manage')
  const row = listing.rows.find(({ id }) => id === selected)
  const calls = {
    suspend: bridge.administrationSuspendWorkstation,
    resume: bridge.administrationResumeWorkstation,
    revoke: bridge.administrationRevokeWorkstation,
  }
  return (
    <>
      <OfficerScreen
        table="workstations"
        title={t('areas.workstations')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={() => document.querySelector<HTMLElement>('.facts-actions button')?.focus()}
        actions={
          manages && (
            <Button type="primary" onClick={() => setTicket(true)} data-testid="ticket-create">
              {t('administration.workstation.ticket')}
            </Button>
          )
        }
        aside={
          row && (
            <WorkstationFacts row={row} now={now} onAction={setAction} onClose={() => setSelected(null)} />
          )
        }
        hint={t(manages ? 'administration.workstation.keys' : 'administration.list.keys')}
      />
      {ticket && <TicketDialog onClose={() => setTicket(false)} />}
      {row && action && (
        <ReasonDialog
          title={t(`administration.workstation.action.${action}`)}
          whom={row.name}
          text={t(`administration.workstation.follows.${action}`)}
          submit={t(`administration.workstation.submit.${action}`)}
          danger={action !== 'resume'}
          run={(reason) => calls[action]({ id: row.id, reason })}
          done={t(`administration.workstation.done.${action}`)}
          onClose={() => setAction(null)}
        />
      )}
    </>
  )
}
