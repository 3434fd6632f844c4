import type { WorkstationRow } from '../../../shared/api/administration.ts'
import { dateOf, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'

const day = 86_400_000

export const workstationWeight = { active: 'ok', suspended: 'warn', revoked: 'bad' } as const

/** How near the end of a workstation's certificate is: it renews by itself, so that a near end says something is wrong. */
export function certificateWeight(row: WorkstationRow, now: number): 'ok' | 'warn' | 'bad' {
  if (row.state === 'revoked') return 'ok'
  if (row.certificateExpiresAt <= now) return 'bad'
  return row.certificateExpiresAt <= now + 14 * day ? 'warn' : 'ok'
}

export function workstationColumns(t: Translate, now: number): Column<WorkstationRow>[] {
  const state = (row: WorkstationRow) => t(`administration.workstation.state.${row.state}`)
  const people = (row: WorkstationRow) => row.sessions.join(t('administration.comma'))
  return [
    {
      key: 'name',
      title: t('administration.workstation.name'),
      width: 168,
      grow: 2,
      render: (row) => <strong title={row.name}>{row.name}</strong>,
      text: (row) => row.name,
    },
    {
      key: 'state',
      title: t('administration.workstation.stateTitle'),
      width: 104,
      render: (row) => <span className={`state-${workstationWeight[row.state]}`}>{state(row)}</span>,
      text: state,
      choices: (row) => [state(row)],
    },
    {
      key: 'people',
      title: t('administration.workstation.people'),
      width: 120,
      grow: 2,
      render: (row) => <span title={people(row)}>{people(row)}</span>,
      text: people,
    },
    timeColumn('seen', t('administration.workstation.lastSeen'), (row) => row.lastSeenAt, { grow: 1 }),
    {
      key: 'expires',
      title: t('administration.workstation.certificateEnds'),
      width: 136,
      grow: 1,
      render: (row) => {
        const weight = certificateWeight(row, now)
        return (
          <span className={weight === 'ok' ? 'number' : `number state-${weight}`}>
            {dateOf(row.certificateExpiresAt)}
          </span>
        )
      },
      text: (row) => dateOf(row.certificateExpiresAt),
      order: (row) => row.certificateExpiresAt,
    },
    timeColumn('enrolled', t('administration.workstation.enrolledAt'), (row) => row.enrolledAt, { grow: 1 }),
  ]
}
