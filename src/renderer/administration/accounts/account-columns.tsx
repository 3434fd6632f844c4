import type { AccountRow } from '../../../shared/api/administration.ts'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { displayNameColumn, loginNameColumn } from '../frame/person-columns.tsx'
import { accountStates } from './account-state.ts'
import { roleWords, StateCell, stateWord } from './account-words.tsx'

export function accountColumns(t: Translate, now: number): Column<AccountRow>[] {
  const clearance = (row: AccountRow) => t(`administration.account.clearance.${row.clearance}`)
  const emergency = t('administration.account.emergencyShort')
  const words = (row: AccountRow) => accountStates(row, now).map((state) => stateWord(t, state, now))
  return [
    loginNameColumn(t),
    displayNameColumn(t),
    {
      key: 'staff',
      title: t('administration.account.staffNumber'),
      width: 96,
      grow: 1,
      render: (row) => (
        <span className="number" title={row.staffNumber}>
          {row.staffNumber}
        </span>
      ),
      text: (row) => row.staffNumber,
    },
    {
      key: 'roles',
      title: t('administration.account.roles'),
      width: 128,
      grow: 1,
      render: (row) => (
        <span title={roleWords(t, row).join(t('administration.comma'))}>
          {roleWords(t, row).join(t('administration.comma'))}
        </span>
      ),
      text: (row) => roleWords(t, row).join(t('administration.comma')),
      choices: (row) => roleWords(t, row),
    },
    {
      key: 'clearance',
      title: t('administration.account.clearanceTitle'),
      width: 168,
      grow: 1,
      render: (row) => (
        <>
          {clearance(row)}
          {row.emergency && <span className="account-emergency">{emergency}</span>}
        </>
      ),
      text: (row) => (row.emergency ? `${clearance(row)}（${emergency}）` : clearance(row)),
      order: (row) => ['general', 'sensitive', 'highly-sensitive'].indexOf(row.clearance),
      choices: (row) => [clearance(row)],
    },
    {
      key: 'state',
      title: t('administration.account.stateTitle'),
      width: 168,
      grow: 2,
      render: (row) => <StateCell t={t} row={row} now={now} />,
      text: (row) => words(row).join('；'),
      choices: (row) =>
        accountStates(row, now).map(({ kind }) => t(`administration.account.stateShort.${kind}`)),
    },
    {
      key: 'certificates',
      title: t('administration.account.certificates'),
      width: 72,
      render: (row) => <span className="number">{row.certificates}</span>,
      text: (row) => String(row.certificates),
      order: (row) => row.certificates,
    },
    timeColumn('lastSignIn', t('administration.account.lastSignIn'), (row) => row.lastSignInAt, { grow: 1 }),
  ]
}
