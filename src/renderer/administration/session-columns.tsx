import type { SessionRow } from '../../shared/api/administration.ts'
import { dateTime, type Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { displayNameColumn, loginNameColumn } from './frame/person-columns.tsx'

/** `ending`: where the sessions may be ended, one's own excepted. */
export function sessionColumns(
  t: Translate,
  ending: { own: string; onEnd: (row: SessionRow) => void } | null,
): Column<SessionRow>[] {
  const roles = (row: SessionRow) => row.roles.map((role) => t(`roles.${role}`))
  const factor = (row: SessionRow) => t(`administration.session.factor.${row.factor}`)
  const state = (row: SessionRow) => t(`administration.session.state.${row.state}`)
  const time = (key: 'startedAt' | 'lastActivityAt' | 'expiresAt'): Column<SessionRow> => ({
    key,
    title: t(`administration.session.${key}`),
    width: 148,
    grow: 1,
    render: (row) => <span className="number">{dateTime(row[key])}</span>,
    text: (row) => dateTime(row[key]),
    order: (row) => row[key],
  })
  const columns: Column<SessionRow>[] = [
    displayNameColumn(t),
    loginNameColumn(t),
    {
      key: 'roles',
      title: t('administration.account.roles'),
      width: 112,
      grow: 1,
      render: (row) => (
        <span title={roles(row).join(t('administration.comma'))}>
          {roles(row).join(t('administration.comma'))}
        </span>
      ),
      text: (row) => roles(row).join(t('administration.comma')),
      choices: roles,
    },
    {
      key: 'workstation',
      title: t('administration.workstationId'),
      width: 144,
      grow: 2,
      render: (row) => <span title={row.workstation}>{row.workstation}</span>,
      text: (row) => row.workstation,
    },
    {
      key: 'factor',
      title: t('administration.session.factorTitle'),
      width: 120,
      render: (row) => <span className={row.factor === 'fallback' ? 'state-warn' : ''}>{factor(row)}</span>,
      text: factor,
      choices: (row) => [factor(row)],
    },
    {
      key: 'state',
      title: t('administration.session.stateTitle'),
      width: 80,
      render: (row) => <span className={row.state === 'locked' ? 'quiet' : 'state-ok'}>{state(row)}</span>,
      text: state,
      choices: (row) => [state(row)],
    },
    time('startedAt'),
    time('lastActivityAt'),
    time('expiresAt'),
  ]
  if (ending) {
    columns.push({
      key: 'end',
      title: t('administration.list.action'),
      width: 104,
      render: (row) => (
        <button
          type="button"
          className="row-button"
          disabled={row.id === ending.own}
          title={row.id === ending.own ? t('administration.session.own') : undefined}
          onClick={() => ending.onEnd(row)}
          data-testid="session-end"
        >
          {t(row.id === ending.own ? 'administration.session.ownShort' : 'administration.session.endShort')}
        </button>
      ),
    })
  }
  return columns
}
