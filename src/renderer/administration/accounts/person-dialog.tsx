import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { nobody, type Person, personOf } from './person.ts'
import { PersonFields } from './person-fields.tsx'

interface PersonDialogProps {
  /** The account to edit; a new one without. */
  row?: AccountRow
  onCreated?: (id: string) => void
  onClose: () => void
}

/** Who a person is: a new account, or a changed name. */
export function PersonDialog({ row, onCreated, onClose }: PersonDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [typed, setTyped] = useState<Person>(row ? nameOf(row) : nobody)
  const person = personOf(typed)
  const save = async () => {
    if (!person) return
    if (!row) {
      const { id } = await unwrap(bridge.administrationCreateAccount(person))
      onCreated?.(id)
      return
    }
    const { loginName: _, ...changed } = person
    await unwrap(bridge.administrationEditAccount({ id: row.id, ...changed }))
  }
  const word = row ? 'edit' : 'create'
  return (
    <ActionDialog
      title={t(row ? 'administration.account.editTitle' : 'administration.account.createTitle')}
      submit={t(`administration.account.submit.${word}`)}
      ready={person !== null}
      run={save}
      done={t(`administration.account.done.${word}`)}
      onClose={onClose}
    >
      <PersonFields value={typed} onChange={setTyped} loginNameFixed={row !== undefined} />
      {!row && <p className="dialog-text">{t('administration.account.createNext')}</p>}
    </ActionDialog>
  )
}

function nameOf({ loginName, displayName, staffNumber }: AccountRow): Person {
  return { loginName, displayName, staffNumber }
}
