import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Radio } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import { useAttempt } from '../../entry/use-attempt.ts'
import type { AlertFormProps } from './alert-form.tsx'
import { type CallFields, calleesFor, callOf, freshCall } from './call.ts'
import { FormFrame } from './form-frame.tsx'

/** 电话通知: who was called, whether they were reached and repeated it, and what they do about it. */
export function CallForm({ detail: { alert }, onCancel, onDone }: AlertFormProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const attempt = useAttempt()
  const [fields, setFields] = useState(() => freshCall(alert, clock()))
  const set = (change: Partial<CallFields>) => setFields((all) => ({ ...all, ...change }))
  const { busy } = attempt

  const submit = () => {
    const answer = callOf(fields, clock())
    if ('mistake' in answer) return attempt.wrong(t(`alerts.callForm.${answer.mistake}`))
    void attempt.run(() => unwrap(bridge.alertRecordCall({ alert: alert.id, ...answer.call })), {
      done: onDone,
    })
  }

  return (
    <FormFrame
      attempt={attempt}
      title={t('alerts.callForm.title')}
      submit={t('alerts.callForm.submit')}
      testId="alert-call-form"
      onSubmit={submit}
      onCancel={onCancel}
    >
      <Contacts alert={alert} disabled={busy} onChoose={set} />
      <div className="alert-form-grid">
        <Field label={t('alerts.callForm.name')}>
          {(id) => (
            <Input
              id={id}
              value={fields.name}
              onChange={(event) => set({ name: event.target.value })}
              maxLength={60}
              disabled={busy}
              autoFocus
              data-testid="call-name"
            />
          )}
        </Field>
        <Field label={t('alerts.callForm.phone')}>
          {(id) => (
            <Input
              id={id}
              value={fields.phone}
              onChange={(event) => set({ phone: event.target.value })}
              maxLength={24}
              disabled={busy}
              data-testid="call-phone"
            />
          )}
        </Field>
        <Field label={t('alerts.callForm.time')}>
          {(id) => (
            <Input
              id={id}
              value={fields.time}
              onChange={(event) => set({ time: event.target.value })}
              maxLength={5}
              disabled={busy}
              placeholder={t('alerts.callForm.timeHint')}
              data-testid="call-time"
            />
          )}
        </Field>
      </div>
      <div className="alert-form-row">
        <Radio.Group
          value={fields.role}
          onChange={(event) => set({ role: event.target.value as CallFields['role'] })}
          disabled={busy}
          aria-label={t('alerts.callForm.role')}
        >
          {(['nurse', 'doctor', 'other'] as const).map((role) => (
            <Radio key={role} value={role}>
              {t(`alerts.role.${role}`)}
            </Radio>
          ))}
        </Radio.Group>
        <Radio.Group
          value={fields.reached}
          onChange={(event) => set({ reached: event.target.value as boolean })}
          disabled={busy}
          aria-label={t('alerts.callForm.reached')}
        >
          <Radio value={true} data-testid="call-reached">
            {t('alerts.callForm.reachedYes')}
          </Radio>
          <Radio value={false} data-testid="call-not-reached">
            {t('alerts.callForm.reachedNo')}
          </Radio>
        </Radio.Group>
        <Checkbox
          checked={fields.reached === true && fields.readBack}
          disabled={busy || fields.reached !== true}
          onChange={(event) => set({ readBack: event.target.checked })}
          data-testid="call-read-back"
        >
          {t('alerts.callForm.readBack')}
        </Checkbox>
      </div>
      {fields.reached === true && (
        <Field label={t('alerts.callForm.handling')}>
          {(id) => (
            <Input.TextArea
              id={id}
              value={fields.handling}
              onChange={(event) => set({ handling: event.target.value })}
              maxLength={500}
              rows={2}
              disabled={busy}
              data-testid="call-handling"
            />
          )}
        </Field>
      )}
      <Field label={t('alerts.callForm.remark')}>
        {(id) => (
          <Input
            id={id}
            value={fields.remark}
            onChange={(event) => set({ remark: event.target.value })}
            maxLength={200}
            disabled={busy}
            data-testid="call-remark"
          />
        )}
      </Field>
    </FormFrame>
  )
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}

/** Those whom the dictionary names for this department, one press each. */
function Contacts(props: {
  alert: AlertFormProps['detail']['alert']
  disabled: boolean
  onChoose: (callee: Pick<CallFields, 'name' | 'role' | 'phone'>) => void
}) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { data: contacts = [] } = useQuery({
    queryKey: ['dictionary'],
    queryFn: () => unwrap(bridge.criticalDictionary()),
    select: ({ rules }) => rules.contacts,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const callees = calleesFor(props.alert, contacts)
  if (callees.length === 0) return null
  return (
    <div className="alert-form-row" data-testid="call-contacts">
      <span className="quiet">{t('alerts.callForm.contacts')}</span>
      {callees.map(({ kind, name, role, phone }) => (
        <Button
          key={`${kind} ${name} ${phone}`}
          size="small"
          disabled={props.disabled}
          onClick={() => props.onChoose({ name, role, phone })}
        >
          {[t(`alerts.recipientKind.${kind}`), name, phone].filter(Boolean).join(' ')}
        </Button>
      ))}
    </div>
  )
}
