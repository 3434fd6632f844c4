import { Input, Radio, Select } from 'antd'
import { type KeyboardEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Recipient } from '../../shared/alert/index.ts'
import { CriticalLevel, RecipientKind } from '../../shared/critical/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import type { Lack } from './decisions.ts'
import { useDeadline } from './use-deadline.ts'
import { type AlertEntry, nobody, withType } from './work.ts'

interface AlertFieldsProps {
  alert: AlertEntry
  onAlert: (alert: AlertEntry) => void
  types: CriticalTypes
  recipients: readonly Recipient[]
  /** The sentence that the alert is about. */
  sentence: string
  lack: Lack | null
  disabled: boolean
}

/** Everything that an alert says and to whom, to be changed. */
export function AlertFields({
  alert,
  onAlert,
  types,
  recipients,
  sentence,
  lack,
  disabled,
}: AlertFieldsProps) {
  const { t } = useTranslation()
  const id = useId()
  const deadline = useDeadline(types)
  const change = (part: Partial<AlertEntry>) => onAlert({ ...alert, ...part })
  const changeRecipient = (part: Partial<Recipient>) => change({ recipient: { ...alert.recipient, ...part } })
  return (
    <div className="alert-fields" data-testid="alert-fields">
      <label htmlFor={`${id}-type`}>{t('signOff.type')}</label>
      <Select
        id={`${id}-type`}
        showSearch={{
          filterOption: (input, option) => option?.search.includes(input.trim().toLowerCase()) ?? false,
        }}
        value={alert.type === '' ? null : alert.type}
        placeholder={t('signOff.typeSearch')}
        onChange={(type: string) => onAlert(withType(alert, type, { types, recipients, sentence }))}
        options={types.all.map((entry) => ({
          value: entry.code,
          label: types.name(entry.code),
          search: `${entry.nameZh} ${entry.nameEn} ${entry.code}`.toLowerCase(),
        }))}
        status={lack === 'type' ? 'error' : ''}
        disabled={disabled}
        data-testid="alert-type"
      />
      <span className="quiet" id={`${id}-level`}>
        {t('signOff.level')}
      </span>
      <Radio.Group
        value={alert.level}
        onChange={(event) => change({ level: event.target.value as CriticalLevel })}
        disabled={disabled}
        aria-labelledby={`${id}-level`}
      >
        {CriticalLevel.options.map((level) => (
          <Radio key={level} value={level} data-testid={`alert-level-${level}`}>
            <span className={`level-word level-word-${level}`}>{deadline(level)}</span>
          </Radio>
        ))}
      </Radio.Group>
      <label htmlFor={`${id}-content`}>
        {t('signOff.content')}
        <span className="alert-content-count number">{alert.content.length} / 500</span>
      </label>
      <Input.TextArea
        id={`${id}-content`}
        value={alert.content}
        onChange={(event) => change({ content: event.target.value })}
        onKeyDown={submitOnEnter}
        rows={3}
        maxLength={500}
        disabled={disabled}
        status={lack === 'content' ? 'error' : ''}
        data-testid="alert-content"
      />
      <label htmlFor={`${id}-recipient`}>{t('signOff.recipient')}</label>
      <div className="alert-recipient">
        <RecipientSelect
          id={`${id}-recipient`}
          recipients={recipients}
          recipient={alert.recipient}
          onRecipient={(recipient) => change({ recipient })}
          disabled={disabled}
        />
        <Input
          value={alert.recipient.name}
          // The hospital's code is of who stood there before.
          onChange={(event) => changeRecipient({ name: event.target.value, code: '' })}
          maxLength={60}
          disabled={disabled}
          status={lack === 'recipient' ? 'error' : ''}
          placeholder={t('signOff.recipientName')}
          aria-label={t('signOff.recipientName')}
          data-testid="recipient-name"
        />
        <Input
          value={alert.recipient.phone}
          onChange={(event) => changeRecipient({ phone: event.target.value })}
          maxLength={24}
          disabled={disabled}
          placeholder={t('signOff.phone')}
          aria-label={t('signOff.phone')}
          data-testid="recipient-phone"
        />
      </div>
    </div>
  )
}

/** The recipients that the gateway knows, and each other kind with its name left open. */
function RecipientSelect(props: {
  id: string
  recipients: readonly Recipient[]
  recipient: Recipient
  onRecipient: (recipient: Recipient) => void
  disabled: boolean
}) {
  const { t } = useTranslation()
  const known = new Set(props.recipients.map(({ kind }) => kind))
  const all = [...props.recipients, ...RecipientKind.options.filter((kind) => !known.has(kind)).map(nobody)]
  const chosen = all.findIndex(
    (each) => each.kind === props.recipient.kind && each.name === props.recipient.name,
  )
  return (
    <Select
      id={props.id}
      value={chosen < 0 ? all.findIndex((each) => each.kind === props.recipient.kind) : chosen}
      onChange={(index: number) => {
        const recipient = all[index]
        if (recipient) props.onRecipient(recipient)
      }}
      options={all.map((recipient, index) => ({
        value: index,
        label: [t(`signOff.recipientKind.${recipient.kind}`), recipient.name].filter(Boolean).join(' · '),
      }))}
      disabled={props.disabled}
      data-testid="recipient"
    />
  )
}

/** Enter signs from a text box as from any other field; Shift+Enter breaks the line. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
