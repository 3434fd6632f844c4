import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { usePermission } from '../../app/session.ts'
import { useBridge } from '../../bridge/index.ts'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { useNow } from '../frame/use-now.ts'
import type { AccountAction } from './account-actions.ts'
import { accountColumns } from './account-columns.tsx'
import { AccountDialog } from './account-dialog.tsx'
import { AccountFacts } from './account-facts.tsx'
import { PersonDialog } from './person-dialog.tsx'
import './accounts.css'

/** People: the system administrator says who they are, the security officer what they may do and by which keys they are known. */
export function Accounts() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow()
  const listing = useListing('accounts', bridge.administrationAccounts)
  const columns = useMemo(() => accountColumns(t, now), [t, now])
  const [selected, setSelected] = useState<string | null>(null)
  const [creating, setCreating] = useState(false)
  // With its row: what is shown once stays, whatever becomes of the table.
  const [acting, setActing] = useState<{ row: AccountRow; action: AccountAction } | null>(null)
  const manages = usePermission('account.manage')
  const row = listing.rows.find(({ id }) => id === selected)
  return (
    <>
      <OfficerScreen
        table="accounts"
        title={t('areas.accounts')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={() => document.querySelector<HTMLElement>('.facts-actions button:not(:disabled)')?.focus()}
        actions={
          manages && (
            <Button type="primary" onClick={() => setCreating(true)} data-testid="account-create">
              {t('administration.account.create')}
            </Button>
          )
        }
        aside={
          row && (
            <AccountFacts
              row={row}
              now={now}
              onAction={(action) => setActing({ row, action })}
              onClose={() => setSelected(null)}
            />
          )
        }
        hint={t('administration.account.keys')}
      />
      {creating && <PersonDialog onCreated={setSelected} onClose={() => setCreating(false)} />}
      {acting && <AccountDialog {...acting} onClose={() => setActing(null)} />}
    </>
  )
}
