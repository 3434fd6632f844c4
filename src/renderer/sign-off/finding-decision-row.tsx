import { Button, Radio } from 'antd'
import { type KeyboardEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionFinding } from '../../shared/critical/index.ts'
import { LevelTag } from '../alerts/level-tag.tsx'
import { GradeText } from '../report/findings-panel.tsx'
import { AlertPart, type AlertSurroundings } from './alert-part.tsx'
import type { Lack } from './decisions.ts'
import { Dismissal } from './dismissal.tsx'
import { excerpt, sentenceOf } from './excerpt.ts'
import type { Entry } from './work.ts'

interface FindingDecisionRowProps extends AlertSurroundings {
  id: string
  finding: SectionFinding
  /** The section that the finding stands in. */
  text: string
  entry: Entry
  onEntry: (change: Partial<Entry>) => void
  /** How many more findings this one's alert could speak for. */
  siblings: number
  /** With which finding this one is reported, as entered. */
  speaker: SectionFinding | null
  /** How many findings are reported with this one, as entered. */
  speaksFor: number
  /** Alerts this one, and dismisses the others as reported with it. */
  onMerge: () => void
  /** The choice was made by its key: on to what comes next. */
  onNext: () => void
  lack: Lack | null
  autoFocus: boolean
}

/** One finding and what to do with it: an alert, or a reason why not. A, M and D choose and go on. */
export function FindingDecisionRow(props: FindingDecisionRowProps) {
  const { finding, entry, onEntry, onNext, siblings, speaker, disabled, lack, types, text } = props
  const { t } = useTranslation()
  const labelId = useId()
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || disabled || isTyped(event.target)) return
    // A key that is held down decides once: the next finding has not been read yet.
    if (event.repeat) return
    const choose = {
      a: () => onEntry({ action: 'alert' }),
      d: () => onEntry({ action: 'dismiss' }),
      m: siblings > 0 ? props.onMerge : undefined,
    }[event.key.toLowerCase()]
    if (!choose) return
    event.preventDefault()
    choose()
    onNext()
  }
  return (
    <section
      className={lack ? 'decision decision-lacks' : 'decision'}
      aria-labelledby={labelId}
      onKeyDown={onKey}
      data-testid="decision"
      data-item={props.id}
      data-type={finding.type}
      data-grade={finding.grade}
      data-action={entry.action}
    >
      <div className="decision-head" id={labelId}>
        <GradeText grade={finding.grade} />
        <strong>{types.name(finding.type)}</strong>
        <LevelTag level={finding.level} />
        <span className="quiet">{t(`report.section.${finding.section}`)}</span>
        {finding.because && <span className="quiet">“{finding.because}”</span>}
      </div>
      <Excerpt text={text} finding={finding} />
      {speaker && (
        <p className="decision-together" data-testid="together">
          {t('signOff.together', { section: t(`report.section.${speaker.section}`), text: speaker.text })}
        </p>
      )}
      {props.speaksFor > 0 && (
        <p className="decision-together" data-testid="speaks-for">
          {t('signOff.speaksFor', { count: props.speaksFor })}
        </p>
      )}
      <div className="decision-choice">
        <Radio.Group
          value={entry.action}
          onChange={(event) => onEntry({ action: event.target.value as Entry['action'] })}
          disabled={disabled}
          aria-labelledby={labelId}
        >
          <Radio value="alert" autoFocus={props.autoFocus} data-testid="decide-alert">
            {t('signOff.alertKey')}
          </Radio>
          <Radio value="dismiss" data-testid="decide-dismiss">
            {t('signOff.dismissKey')}
          </Radio>
        </Radio.Group>
        {siblings > 0 && entry.action !== 'dismiss' && (
          <Button
            size="small"
            onClick={() => {
              props.onMerge()
              onNext()
            }}
            disabled={disabled}
            title={t('signOff.mergeHint', { count: siblings })}
            data-testid="merge"
          >
            {t('signOff.merge')}
          </Button>
        )}
      </div>
      {entry.action === 'alert' && (
        <AlertPart
          {...props}
          alert={entry.alert}
          onAlert={(alert) => onEntry({ alert })}
          onNotAgain={(otherReason) => onEntry({ action: 'dismiss', reason: 'other', otherReason })}
          onAnswered={onNext}
          open={entry.alert.recipient.name === ''}
          sentence={sentenceOf(text, finding)}
          side={finding.side}
        />
      )}
      {entry.action === 'dismiss' && (
        <Dismissal entry={entry} onEntry={onEntry} disabled={disabled} lacks={lack === 'reason'} />
      )}
      {lack && lack !== 'action' && lack !== 'repeats' && (
        <p className="decision-lack">{t(`signOff.${lack}Missing`)}</p>
      )}
    </section>
  )
}

/** Letters pressed there are text; on a radio button or a button they are not. */
function isTyped(target: EventTarget): boolean {
  return (
    target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== 'radio')
  )
}

function Excerpt({ text, finding }: { text: string; finding: SectionFinding }) {
  const { before, hit, after } = excerpt(text, finding)
  return (
    <p className="decision-excerpt">
      {before}
      <span className={`critical critical-${finding.grade}`}>{hit}</span>
      {after}
    </p>
  )
}
