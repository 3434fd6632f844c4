import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EarlierAlert, Recipient } from '../../shared/alert/index.ts'
import type { Side } from '../../shared/critical/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import { AlertFields } from './alert-fields.tsx'
import type { Lack } from './decisions.ts'
import { EarlierQuestion } from './earlier-question.tsx'
import { useDeadline } from './use-deadline.ts'
import { type AlertEntry, earlierOf } from './work.ts'

/** What the parts of the dialog that hold an alert are given alike. */
export interface AlertSurroundings {
  types: CriticalTypes
  recipients: readonly Recipient[]
  earlier: readonly EarlierAlert[]
  disabled: boolean
}

interface AlertPartProps extends AlertSurroundings {
  alert: AlertEntry
  onAlert: (alert: AlertEntry) => void
  /** The patient has had one already, and it is not to be sent again; why, in words. */
  onNotAgain: (reason: string) => void
  onAnswered: () => void
  sentence: string
  /** Of the finding; none where it is not known. */
  side?: Side | undefined
  lack: Lack | null
  /** Whether the fields stand open from the start. */
  open?: boolean
}

/** An alert in one line, with the way to change it; and the question whether it is to be sent again, where there was one before. */
export function AlertPart({ open = false, ...props }: AlertPartProps) {
  const { alert, onAlert, types, earlier, disabled, lack, side } = props
  const { t } = useTranslation()
  const [opened, setOpened] = useState(open)
  const editing = opened || lack === 'content' || lack === 'recipient' || lack === 'type'
  const before = earlierOf(earlier, { type: alert.type, side })
  return (
    <div className="alert-part">
      {before && (
        <EarlierQuestion
          before={before}
          typeName={types.name(before.type)}
          answered={alert.repeats === before.id}
          lacks={lack === 'repeats'}
          disabled={disabled}
          onAgain={() => {
            onAlert({ ...alert, repeats: before.id })
            props.onAnswered()
          }}
          onNotAgain={(reason) => {
            props.onNotAgain(reason)
            props.onAnswered()
          }}
        />
      )}
      {editing && <AlertFields {...props} />}
      <div className="alert-summary" data-testid="alert-summary">
        {!editing && <Summary alert={alert} types={types} />}
        <span className="space" />
        <Button
          size="small"
          onClick={() => setOpened(!editing)}
          disabled={disabled}
          aria-expanded={editing}
          data-testid="alert-edit"
        >
          {editing ? t('signOff.editDone') : t('signOff.edit')}
        </Button>
      </div>
    </div>
  )
}

/** How urgent, of what type, to whom, and in which words. */
export function Summary({ alert, types }: { alert: AlertEntry; types: CriticalTypes }) {
  const { t } = useTranslation()
  const deadline = useDeadline(types)
  const { kind, name, phone } = alert.recipient
  return (
    <>
      <span className={`level-word level-word-${alert.level}`}>{deadline(alert.level)}</span>
      <span className="alert-summary-type">{types.name(alert.type)}</span>
      <span className="alert-summary-recipient">
        → {t(`signOff.recipientKind.${kind}`)} {name} <span className="number">{phone}</span>
      </span>
      <span className="alert-summary-content quiet" title={alert.content}>
        {alert.content}
      </span>
    </>
  )
}
