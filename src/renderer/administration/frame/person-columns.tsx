import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'

/** The person of a row, by name. */
export function displayNameColumn<Row extends { displayName: string }>(t: Translate): Column<Row> {
  return {
    key: 'name',
    title: t('administration.account.displayName'),
    width: 104,
    grow: 1,
    render: (row) => <strong title={row.displayName}>{row.displayName}</strong>,
    text: (row) => row.displayName,
  }
}

/** The person of a row, by login name. */
export function loginNameColumn<Row extends { loginName: string }>(t: Translate): Column<Row> {
  return {
    key: 'login',
    title: t('administration.account.loginName'),
    width: 112,
    grow: 1,
    render: (row) => <span title={row.loginName}>{row.loginName}</span>,
    text: (row) => row.loginName,
  }
}
