import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { WorkstationRow } from '../../../shared/api/administration.ts'
import { usePermission } from '../../app/session.ts'
import { dateTime, sentenceTime } from '../../i18n/index.ts'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { certificateWeight, workstationWeight } from './workstation-columns.tsx'

export type WorkstationAction = 'suspend' | 'resume' | 'revoke'

/** What may still be done with a workstation: nothing, once it is revoked. */
export function workstationActions(row: WorkstationRow): WorkstationAction[] {
  if (row.state === 'revoked') return []
  return [row.state === 'suspended' ? 'resume' : 'suspend', 'revoke']
}

interface WorkstationFactsProps {
  row: WorkstationRow
  now: number
  onAction: (action: WorkstationAction) => void
  onClose: () => void
}

export function WorkstationFacts({ row, now, onAction, onClose }: WorkstationFactsProps) {
  const { t } = useTranslation()
  const manages = usePermission('workstation.manage')
  const locked = row.lockedUntil !== null && row.lockedUntil > now
  const weight = certificateWeight(row, now)
  const actions = manages ? workstationActions(row) : []
  return (
    <FactsPanel
      title={row.name}
      states={
        <>
          <span className={`state-${workstationWeight[row.state]}`}>
            {t(`administration.workstation.stateLong.${row.state}`)}
          </span>
          {locked && (
            <span className="state-bad">
              {t('administration.workstation.locked', { time: sentenceTime(row.lockedUntil ?? 0, now) })}
            </span>
          )}
          {weight !== 'ok' && (
            <span className={`state-${weight}`}>
              {t(
                weight === 'bad'
                  ? 'administration.workstation.certificateOver'
                  : 'administration.workstation.certificateSoon',
              )}
            </span>
          )}
        </>
      }
      facts={[
        [
          t('administration.workstation.people'),
          row.sessions.join(t('administration.comma')) || t('administration.none'),
        ],
        [
          t('administration.workstation.lastSeen'),
          row.lastSeenAt === null ? t('administration.workstation.never') : dateTime(row.lastSeenAt),
        ],
        [t('administration.workstation.certificateEnds'), dateTime(row.certificateExpiresAt)],
        [t('administration.workstation.enrolledAt'), dateTime(row.enrolledAt)],
        [t('administration.workstation.id'), row.id],
      ]}
      actions={
        actions.length > 0 &&
        actions.map((action) => (
          <Button
            key={action}
            onClick={() => onAction(action)}
            danger={action === 'revoke'}
            data-testid={`workstation-${action}`}
          >
            {t(`administration.workstation.action.${action}`)}
          </Button>
        ))
      }
      onClose={onClose}
      testId="workstation-facts"
    />
  )
}
