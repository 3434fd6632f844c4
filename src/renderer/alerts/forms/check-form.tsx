import { Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AlertContent } from '../../../shared/alert/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { EntryMessage } from '../../entry/entry-message.tsx'
import { readForm } from '../../entry/secrets.ts'
import { useAttempt } from '../../entry/use-attempt.ts'
import { personName } from '../../patient/patient-facts.ts'
import { choiceArguments, isConfirmed, PinField, TokenPicker, useChosenToken } from '../../token/index.ts'
import { recipientText } from '../event-words.ts'
import type { AlertFormProps } from './alert-form.tsx'
import { FormFrame } from './form-frame.tsx'

const parts = ['patient', 'finding', 'content', 'recipient'] as const
type Part = (typeof parts)[number]

/** 核对: the second person confirms each part of what goes out and signs it. Where it changes meanwhile the ticks are void. */
export function CheckForm(props: AlertFormProps) {
  const content = AlertContent.parse(props.detail.alert)
  const shown = JSON.stringify(content)
  const [first] = useState(shown)
  return <Checked key={shown} {...props} content={content} changed={shown !== first} />
}

function Checked(props: AlertFormProps & { content: AlertContent; changed: boolean }) {
  const { detail, content, onCancel, onDone } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const token = useChosenToken()
  const attempt = useAttempt()
  const [ticked, setTicked] = useState<ReadonlySet<Part>>(new Set())
  const { alert } = detail
  const shown: Record<Part, string> = {
    patient: `${personName(content.patientName)}　${content.patientId}　${content.accessionNumber}`,
    finding: `${alert.typeName}　${t(`levelLong.${content.level}`)}`,
    content: content.content,
    recipient: [recipientText(t, content.recipient), content.recipient.phone].filter(Boolean).join('　'),
  }

  const submit = () => {
    const form = attempt.form.current
    if (!form) return
    const { pin } = readForm(form, 'pin')
    if (ticked.size < parts.length) return attempt.wrong(t('alerts.checkForm.untickedMissing'))
    if (!token.chosen) return attempt.wrong(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (pin === '') return attempt.wrong(t('token.pinMissing'))
    if (!isConfirmed(form)) return attempt.wrong(t('token.finalTryMissing'))
    const choice = choiceArguments(token.chosen)
    void attempt.run(() => unwrap(bridge.alertCheck({ alert: content.id, content, ...choice, pin })), {
      done: onDone,
    })
  }

  return (
    <FormFrame
      attempt={attempt}
      title={t('alerts.checkForm.title')}
      hint={t('alerts.checkForm.hint')}
      submit={t(attempt.busy ? 'alerts.checkForm.busy' : 'alerts.checkForm.submit')}
      testId="alert-check-form"
      onSubmit={submit}
      onCancel={onCancel}
    >
      {props.changed && <EntryMessage kind="bad">{t('alerts.checkForm.changed')}</EntryMessage>}
      <ul className="check-parts">
        {parts.map((part, index) => (
          <li key={part}>
            <Checkbox
              checked={ticked.has(part)}
              disabled={attempt.busy}
              autoFocus={index === 0}
              onChange={({ target }) => setTicked((before) => withPart(before, part, target.checked))}
              data-testid={`check-${part}`}
            >
              <span className="check-part">
                <span className="quiet">{t(`alerts.checkForm.${part}`)}</span>
                <strong>{shown[part]}</strong>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
      <TokenPicker token={token} disabled={attempt.busy} compact />
      <div className="check-pin">
        <PinField
          id="alert-check-pin"
          disabled={attempt.busy}
          invalid={attempt.failure?.code === 'pin-wrong'}
          tries={token.chosen?.token.pin}
          onStep={token.step}
        />
        <span className="quiet">{t('alerts.checkForm.pinHint')}</span>
      </div>
    </FormFrame>
  )
}

function withPart(before: ReadonlySet<Part>, part: Part, ticked: boolean): ReadonlySet<Part> {
  const after = new Set(before)
  if (ticked) after.add(part)
  else after.delete(part)
  return after
}
