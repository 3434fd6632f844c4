import { Checkbox, Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOfficer, type Role } from '../../../shared/access/index.ts'
import { AccountAuthority, Clearance } from '../../../shared/account/index.ts'
import type { AccountRow } from '../../../shared/api/administration.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { whose } from './account-words.tsx'

const clinical: readonly Role[] = ['radiologist', 'resident', 'technologist']
const officers: readonly Role[] = ['system-administrator', 'security-officer', 'auditor']

/** Roles, clearance and emergency of an account, given as a whole. */
export function AuthoriseDialog({ row, onClose }: { row: AccountRow; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const name = useId()
  const [roles, setRoles] = useState<readonly Role[]>(row.roles)
  const [clearance, setClearance] = useState(row.clearance)
  const [emergency, setEmergency] = useState(row.emergency)
  const authority = AccountAuthority.safeParse({ roles, clearance, emergency })
  const officer = roles.some(isOfficer)
  const toggle = (role: Role, on: boolean) =>
    setRoles(on ? [...roles, role] : roles.filter((each) => each !== role))
  const box = (role: Role) => (
    <Checkbox
      key={role}
      checked={roles.includes(role)}
      // An officer has that one role and no other.
      disabled={!roles.includes(role) && (officer || (isOfficer(role) && roles.length > 0))}
      onChange={(event) => toggle(role, event.target.checked)}
      data-testid={`role-${role}`}
    >
      {t(`roles.${role}`)}
    </Checkbox>
  )
  return (
    <ActionDialog
      title={t('administration.account.action.authorise')}
      submit={t('administration.account.submit.authorise')}
      ready={authority.success}
      run={async () => {
        if (authority.success)
          await unwrap(bridge.administrationAuthoriseAccount({ id: row.id, ...authority.data }))
      }}
      done={t('administration.account.done.authorise')}
      onClose={onClose}
    >
      <p className="dialog-whom">{whose(t, row)}</p>
      <fieldset className="field-group">
        <legend>{t('administration.account.roles')}</legend>
        <div className="field-row">{clinical.map(box)}</div>
        <div className="field-row">{officers.map(box)}</div>
        <p className="field-hint">{t('administration.account.officerRule')}</p>
      </fieldset>
      <fieldset className="field-group">
        <legend>{t('administration.account.clearanceTitle')}</legend>
        <Radio.Group
          name={name}
          value={clearance}
          onChange={(event) => setClearance(Clearance.parse(event.target.value))}
          options={Clearance.options.map((value) => ({
            value,
            label: t(`administration.account.clearance.${value}`),
          }))}
        />
        <p className="field-hint">{t('administration.account.clearanceHint')}</p>
      </fieldset>
      <fieldset className="field-group">
        <Checkbox
          checked={emergency}
          onChange={(event) => setEmergency(event.target.checked)}
          data-testid="emergency"
        >
          {t('administration.account.emergency')}
        </Checkbox>
        <p className="field-hint">{t('administration.account.emergencyHint')}</p>
      </fieldset>
      {row.roles.some((role) => !roles.includes(role)) && (
        <p className="notice dialog-failure">{t('administration.account.roleTaken')}</p>
      )}
    </ActionDialog>
  )
}
