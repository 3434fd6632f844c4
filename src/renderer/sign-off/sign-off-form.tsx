import { Button } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { findingKey, type SectionFinding } from '../../shared/critical/index.ts'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import type { ReportDocument, ReportText, SignedReport } from '../../shared/report/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { EntryMessage } from '../entry/entry-message.tsx'
import {
  choiceArguments,
  FinalTry,
  isConfirmed,
  PinField,
  TokenPicker,
  useChosenToken,
} from '../token/index.ts'
import { decisionsOf, divide, type Entry, freshEntries, lackOf } from './decisions.ts'
import { FindingDecisionRow } from './finding-decision-row.tsx'
import { InformationList } from './information-list.tsx'

interface SignOffFormProps {
  study: string
  text: ReportText
  prepared: { findings: SectionFinding[]; document: ReportDocument }
  typeName: (code: string) => string
  onSigning: (signing: boolean) => void
  onSigned: (report: SignedReport, alerts: number) => void
  onBack: () => void
}

/** Decisions, token and PIN. A refusal keeps all that was entered but the PIN. */
export function SignOffForm({
  study,
  text,
  prepared,
  typeName,
  onSigning,
  onSigned,
  onBack,
}: SignOffFormProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const sentence = useFailureSentence()
  const token = useChosenToken()
  const pin = useRef<HTMLInputElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const { toDecide, information } = divide(prepared.findings)
  const [entries, setEntries] = useState(() => freshEntries(prepared.findings, text, typeName))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [mistake, setMistake] = useState('')

  // Once the field is enabled again.
  useEffect(() => {
    if (!busy && failure) pin.current?.focus()
  }, [busy, failure])

  const undecided = toDecide.filter((finding) => {
    const entry = entries[findingKey(finding)]
    return !entry || lackOf(entry) !== null
  })

  const sign = async () => {
    setTried(true)
    setFailure(null)
    setMistake('')
    const typed = pin.current?.value ?? ''
    const missing = undecided[0]
    if (missing) {
      const row = form.current?.querySelector(`[data-finding="${CSS.escape(findingKey(missing))}"]`)
      return row?.querySelector<HTMLElement>('input, textarea')?.focus()
    }
    if (!token.chosen) return setMistake(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (typed === '') {
      pin.current?.focus()
      return setMistake(t('token.pinMissing'))
    }
    if (form.current && !isConfirmed(form.current)) return setMistake(t('token.finalTryMissing'))
    setBusy(true)
    onSigning(true)
    try {
      const { report, alerts } = await unwrap(
        bridge.reportSignOff({
          study,
          document: prepared.document,
          decisions: decisionsOf(prepared.findings, entries, (reason) => t(`signOff.reasons.${reason}`)),
          ...choiceArguments(token.chosen),
          pin: typed,
        }),
      )
      onSigned(report, alerts.length)
    } catch (thrown) {
      setFailure(failureOf(thrown))
    } finally {
      if (pin.current) pin.current.value = ''
      setBusy(false)
      onSigning(false)
    }
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void sign()
  }

  return (
    <form ref={form} className="sign-off" onSubmit={submit} data-testid="sign-off-form">
      <div className="sign-off-scroll">
        {toDecide.length === 0 ? (
          <p className="sign-off-none">{t('signOff.none')}</p>
        ) : (
          <>
            <h3 className="sign-off-heading">
              {t('signOff.decide')}
              <span className="quiet number" data-testid="sign-off-progress">
                {t('signOff.decideCount', {
                  done: toDecide.length - undecided.length,
                  total: toDecide.length,
                })}
              </span>
            </h3>
            {toDecide.map((finding, index) => {
              const key = findingKey(finding)
              const entry = entries[key]
              return (
                entry && (
                  <FindingDecisionRow
                    key={key}
                    id={key}
                    finding={finding}
                    text={text[finding.section]}
                    typeName={typeName}
                    entry={entry}
                    onEntry={(change: Partial<Entry>) =>
                      setEntries((all) => ({ ...all, [key]: { ...entry, ...change } }))
                    }
                    showLack={tried}
                    disabled={busy}
                    autoFocus={index === 0}
                  />
                )
              )
            })}
          </>
        )}
        <InformationList findings={information} typeName={typeName} />
      </div>
      <div className="sign-off-sign">
        {(token.choices?.length !== 1 || token.chosen === null) && (
          <TokenPicker token={token} disabled={busy} compact />
        )}
        {tried && undecided.length > 0 ? (
          <EntryMessage kind="bad">{t('signOff.undecided', { count: undecided.length })}</EntryMessage>
        ) : (
          mistake && <EntryMessage kind="bad">{mistake}</EntryMessage>
        )}
        {failure && (
          <EntryMessage kind="bad" code={failure.code}>
            {sentence(failure)}
          </EntryMessage>
        )}
        <FinalTry tries={token.chosen?.token.pin} disabled={busy} />
        <div className="sign-off-actions">
          <PinField
            id="sign-off-pin"
            ref={pin}
            disabled={busy}
            invalid={failure?.code === 'pin-wrong'}
            autoFocus={toDecide.length === 0}
          />
          <span className="sign-off-keys">
            {t('signOff.signHint')}
            <br />
            {t('signOff.keys')}
          </span>
          <Button onClick={onBack} disabled={busy} data-testid="sign-off-back">
            {t('signOff.back')}
          </Button>
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            disabled={token.choices === null}
            data-testid="sign-off-sign"
          >
            {busy ? t('signOff.signing') : t('signOff.sign')}
          </Button>
        </div>
      </div>
    </form>
  )
}
