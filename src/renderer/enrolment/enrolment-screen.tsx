import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EnrolmentTicket } from '../../shared/api/enrolment.ts'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useAbout, useBridge } from '../bridge/index.ts'
import { EntryFrame } from '../entry/entry-frame.tsx'
import { EntryMessage } from '../entry/entry-message.tsx'

/** First use: IT's one-time ticket makes this machine a known workstation. */
export function EnrolmentScreen() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [ticket, setTicket] = useState('')
  const about = useAbout()
  const [typedName, setName] = useState<string | null>(null)
  /** What IT has set up for this machine, until somebody writes another. */
  const name = typedName ?? about?.workstationName ?? ''
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const sentence = useFailureSentence()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setFailure(null)
    // A ticket sent by mail may arrive broken into lines; it holds no white space of its own.
    const joined = ticket.replace(/\s+/g, '')
    if (!EnrolmentTicket.safeParse(joined).success) return setMistake(t('enrolment.ticketInvalid'))
    if (name.trim() === '' || name.trim().length > 40) return setMistake(t('enrolment.nameMissing'))
    setMistake('')
    setBusy(true)
    try {
      await unwrap(bridge.workstationEnrol({ ticket: joined, name: name.trim() }))
    } catch (thrown) {
      setFailure(failureOf(thrown))
    } finally {
      setBusy(false)
    }
  }

  return (
    <EntryFrame title={t('enrolment.title')}>
      <p className="quiet">{t('enrolment.intro')}</p>
      <form className="entry-form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="enrolment-ticket">{t('enrolment.ticket')}</label>
          <Input.TextArea
            id="enrolment-ticket"
            value={ticket}
            onChange={(event) => setTicket(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
            rows={4}
            placeholder={t('enrolment.ticketPlaceholder')}
            spellCheck={false}
            autoComplete="off"
            disabled={busy}
            autoFocus
            data-testid="enrolment-ticket"
          />
        </div>
        <div className="field">
          <label htmlFor="enrolment-name">{t('enrolment.name')}</label>
          <Input
            id="enrolment-name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={t('enrolment.namePlaceholder')}
            disabled={busy}
            autoComplete="off"
            data-testid="enrolment-name"
          />
        </div>
        {mistake && <EntryMessage kind="bad">{mistake}</EntryMessage>}
        {failure && (
          <EntryMessage kind="bad" code={failure.code}>
            {sentence(failure)}
          </EntryMessage>
        )}
        <Button type="primary" htmlType="submit" loading={busy} block data-testid="enrol">
          {busy ? t('enrolment.busy') : t('enrolment.submit')}
        </Button>
      </form>
    </EntryFrame>
  )
}
