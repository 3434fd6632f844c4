import { Button } from 'antd'
import {
  type Dispatch,
  type FormEvent,
  type SetStateAction,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../shared/alert/index.ts'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import type { ReportText, SignedReport } from '../../shared/report/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { EntryMessage } from '../entry/entry-message.tsx'
import type { CriticalTypes } from '../report/critical-types.ts'
import {
  choiceArguments,
  FinalTry,
  isConfirmed,
  PinField,
  TokenPicker,
  useChosenToken,
} from '../token/index.ts'
import { decisionsOf, lacking, standingDecisionsOf } from './decisions.ts'
import { focusLack } from './focus.ts'
import { SecondLook, tickOf } from './second-look.tsx'
import type { Work } from './work.ts'
import { workChanges } from './work-changes.ts'
import { WorkList } from './work-list.tsx'

export type Step = 'decide' | 'second-look'

interface SignOffFormProps {
  study: string
  text: ReportText
  /** The text is as it was signed before: what is signed is an alert that was forgotten, or one taken back. */
  unchanged: boolean
  prepared: PreparedSignOff
  types: CriticalTypes
  work: Work
  setWork: Dispatch<SetStateAction<Work>>
  step: Step
  onStep: (step: Step) => void
  onSigning: (signing: boolean) => void
  onSigned: (report: SignedReport, alerts: readonly Alert[]) => void
  /** The gateway refused because something is not as it was prepared: it is to be asked again. */
  onOutdated: () => Promise<unknown>
  onBack: () => void
}

/** Refusals that another preparation answers: it brings what there is to decide now. */
function isOutdated({ code, facts }: Failure): boolean {
  const outdated = ['finding-undecided', 'alert-already-raised', 'alert-undecided', 'alert-check-required']
  return outdated.includes(code) || (code === 'report-changed' && facts?.reason !== 'text')
}

/** Decisions, token and PIN, and a second look where it is asked for. A refusal keeps all that was entered but the PINs. */
export function SignOffForm(props: SignOffFormProps) {
  const { study, text, prepared, types, work, setWork, step, onStep } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const sentence = useFailureSentence()
  const token = useChosenToken()
  const form = useRef<HTMLFormElement>(null)
  const pin = useRef<HTMLInputElement>(null)
  const secondPin = useRef<HTMLInputElement>(null)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState<Step | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [mistake, setMistake] = useState('')
  const [next, setNext] = useState<{ from: string } | null>(null)

  const lacks = lacking(prepared, work)
  const decisions = decisionsOf(prepared.findings, work, (reason) => t(`signOff.reasons.${reason}`))
  const alerts = decisions.filter((decision) => decision.action === 'alert')
  const looksTwice = prepared.check === 'twice' && alerts.length > 0
  const standing = standingDecisionsOf(prepared.standing, work)
  const nothingNew =
    props.unchanged && alerts.length === 0 && !standing.some(({ action }) => action === 'withdraw')
  const unticked = alerts.filter((alert) => !ticked.has(tickOf(alert))).length

  /** To what lacks something, where one was before anything else; to the PIN where nothing does. */
  const goOn = useEffectEvent((from: string | null) => {
    const lack = lacks.find(({ id }) => id === from) ?? lacks[0]
    if (lack) focusLack(form.current, lack)
    else pin.current?.focus()
  })
  useEffect(() => {
    if (next) goOn(next.from)
  }, [next])
  // Once the fields are enabled again.
  useEffect(() => {
    if (!busy && failure) goOn(null)
  }, [busy, failure])

  const sign = async () => {
    setTried(step)
    setFailure(null)
    setMistake('')
    const [typed, typedAgain] = [pin.current?.value ?? '', secondPin.current?.value ?? '']
    if (lacks.length > 0) {
      onStep('decide')
      return lacks[0] && focusLack(form.current, lacks[0])
    }
    if (nothingNew) {
      form.current?.querySelector<HTMLElement>('[data-testid=add-alert]')?.focus()
      return setMistake(t('signOff.unchanged'))
    }
    if (!token.chosen) return setMistake(t(token.choices?.length ? 'token.choiceMissing' : 'token.none'))
    if (typed === '') {
      pin.current?.focus()
      return setMistake(t('token.pinMissing'))
    }
    if (form.current && !isConfirmed(form.current)) return setMistake(t('token.finalTryMissing'))
    if (looksTwice && step === 'decide') return onStep('second-look')
    if (looksTwice) {
      if (unticked > 0) return setMistake(t('signOff.twice.missing', { count: unticked }))
      if (typedAgain === '') {
        secondPin.current?.focus()
        return setMistake(t('token.pinMissing'))
      }
    }
    setBusy(true)
    props.onSigning(true)
    try {
      const answer = await unwrap(
        bridge.reportSignOff({
          study,
          document: prepared.document,
          decisions,
          standing,
          ...choiceArguments(token.chosen),
          pin: typed,
          ...(looksTwice ? { secondPin: typedAgain } : {}),
        }),
      )
      props.onSigned(answer.report, answer.alerts)
    } catch (thrown) {
      const refused = failureOf(thrown)
      if (isOutdated(refused)) await props.onOutdated()
      onStep('decide')
      setFailure(refused)
    } finally {
      for (const field of [pin.current, secondPin.current]) if (field) field.value = ''
      setBusy(false)
      props.onSigning(false)
    }
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) void sign()
  }

  const second = step === 'second-look'
  return (
    <form ref={form} className="sign-off" onSubmit={submit} data-testid="sign-off-form" data-step={step}>
      <div className="sign-off-scroll">
        {second ? (
          <SecondLook
            document={prepared.document}
            alerts={alerts}
            types={types}
            ticked={ticked}
            onTick={(tick, on) =>
              setTicked((before) => {
                const after = new Set(before)
                if (on) after.add(tick)
                else after.delete(tick)
                return after
              })
            }
            showLack={tried === 'second-look'}
            disabled={busy}
          />
        ) : (
          <WorkList
            prepared={prepared}
            text={text}
            unchanged={props.unchanged}
            types={types}
            work={work}
            changes={workChanges({ prepared, types }, setWork)}
            lacks={new Map(lacks.map(({ id, lack }) => [id, lack]))}
            showLacks={tried !== null}
            onNext={(from) => setNext({ from })}
            disabled={busy}
          />
        )}
      </div>
      <div className="sign-off-sign">
        {prepared.check === 'second-person' && alerts.length > 0 && (
          <p className="sign-off-check" data-testid="second-person">
            {t('signOff.secondPerson', { minutes: types.rules?.secondCheck.releaseAfterMinutes ?? '' })}
          </p>
        )}
        {!second && (token.choices?.length !== 1 || token.chosen === null) && (
          <TokenPicker token={token} disabled={busy} compact />
        )}
        {tried && lacks.length > 0 && !failure ? (
          <EntryMessage kind="bad">{t('signOff.undecided', { count: lacks.length })}</EntryMessage>
        ) : (
          mistake && <EntryMessage kind="bad">{mistake}</EntryMessage>
        )}
        {failure && (
          <EntryMessage kind="bad" code={failure.code}>
            {failure.code === 'report-changed' && isOutdated(failure) ? '' : sentence(failure)}
            {isOutdated(failure) && ` ${t('signOff.refreshed')}`}
          </EntryMessage>
        )}
        {/* Its PIN stays in its own field during the second look. */}
        <div hidden={second || token.chosen?.token.pin !== 'final-try'}>
          <FinalTry tries={token.chosen?.token.pin} disabled={busy} />
        </div>
        <div className="sign-off-actions">
          <div hidden={second}>
            <PinField
              id="sign-off-pin"
              ref={pin}
              disabled={busy}
              invalid={failure?.code === 'pin-wrong'}
              autoFocus={lacks.length === 0 && !nothingNew}
            />
          </div>
          {second && (
            <PinField
              id="sign-off-second-pin"
              name="secondPin"
              label={t('signOff.twice.pin')}
              ref={secondPin}
              disabled={busy}
            />
          )}
          <span className="sign-off-keys">
            {t('signOff.signHint')}
            <br />
            {t(second ? 'signOff.twice.keys' : 'signOff.keys')}
          </span>
          <Button onClick={props.onBack} disabled={busy} data-testid="sign-off-back">
            {t(second ? 'signOff.twice.back' : props.unchanged ? 'signOff.leave' : 'signOff.back')}
          </Button>
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            disabled={token.choices === null}
            data-testid="sign-off-sign"
          >
            {busy ? t('signOff.signing') : t(looksTwice && !second ? 'signOff.twice.next' : 'signOff.sign')}
          </Button>
        </div>
      </div>
    </form>
  )
}
