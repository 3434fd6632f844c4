import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkstationRow } from '../../../shared/api/administration.ts'
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
  const [acting, setActing] = useState<{ row: WorkstationRow; action: WorkstationAction } | null>(null)
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
            <WorkstationFacts
              row={row}
              now={now}
              onAction={(action) => setActing({ row, action })}
              onClose={() => setSelected(null)}
            />
          )
        }
        hint={t(manages ? 'administration.workstation.keys' : 'administration.list.keys')}
      />
      {ticket && <TicketDialog onClose={() => setTicket(false)} />}
      {acting && (
        <ReasonDialog
          title={t(`administration.workstation.title.${acting.action}`)}
          whom={acting.row.name}
          text={t(`administration.workstation.follows.${acting.action}`)}
          submit={t(`administration.workstation.submit.${acting.action}`)}
          danger={acting.action !== 'resume'}
          run={(reason) => calls[acting.action]({ id: acting.row.id, reason })}
          done={t(`administration.workstation.done.${acting.action}`)}
          onClose={() => setActing(null)}
        />
      )}
    </>
  )
}
