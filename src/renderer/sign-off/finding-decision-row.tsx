import { Input, Radio } from 'antd'
import { type KeyboardEvent, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SectionFinding } from '../../shared/critical/index.ts'
import { LevelTag } from '../alerts/level-tag.tsx'
import { GradeText } from '../report/findings-panel.tsx'
import { type DismissReason, dismissReasons, type Entry, excerpt, lackOf } from './decisions.ts'

interface FindingDecisionRowProps {
  id: string
  finding: SectionFinding
  /** The section that the finding stands in. */
  text: string
  typeName: (code: string) => string
  entry: Entry
  onEntry: (change: Partial<Entry>) => void
  showLack: boolean
  disabled: boolean
  autoFocus: boolean
}

/** One finding and what to do with it: an alert with its text, or a reason why not. */
export function FindingDecisionRow(props: FindingDecisionRowProps) {
  const { finding, entry, onEntry, disabled } = props
  const { t } = useTranslation()
  const labelId = useId()
  const lack = props.showLack ? lackOf(entry) : null
  return (
    <section
      className={lack ? 'decision decision-lacks' : 'decision'}
      aria-labelledby={labelId}
      data-testid="decision"
      data-finding={props.id}
      data-type={finding.type}
      data-grade={finding.grade}
    >
      <div className="decision-head" id={labelId}>
        <GradeText grade={finding.grade} />
        <strong>{props.typeName(finding.type)}</strong>
        <LevelTag level={finding.level} />
        <span className="quiet">{t(`report.section.${finding.section}`)}</span>
        {finding.because && <span className="quiet">“{finding.because}”</span>}
      </div>
      <Excerpt text={props.text} finding={finding} />
      <Radio.Group
        value={entry.action}
        onChange={(event) => onEntry({ action: event.target.value as Entry['action'] })}
        disabled={disabled}
        aria-labelledby={labelId}
      >
        <Radio value="alert" autoFocus={props.autoFocus} data-testid="decide-alert">
          {t('signOff.alert')}
        </Radio>
        <Radio value="dismiss" data-testid="decide-dismiss">
          {t('signOff.dismiss')}
        </Radio>
      </Radio.Group>
      {entry.action === 'alert' && (
        <Input.TextArea
          value={entry.content}
          onChange={(event) => onEntry({ content: event.target.value })}
          onKeyDown={submitOnEnter}
          rows={2}
          maxLength={500}
          disabled={disabled}
          status={lack === 'content' ? 'error' : ''}
          aria-label={t('signOff.content')}
          data-testid="alert-content"
        />
      )}
      {entry.action === 'dismiss' && (
        <Reasons entry={entry} onEntry={onEntry} disabled={disabled} lacks={lack === 'reason'} />
      )}
      {(lack === 'content' || lack === 'reason') && (
        <p className="decision-lack">{t(`signOff.${lack}Missing`)}</p>
      )}
    </section>
  )
}

function Reasons(props: {
  entry: Entry
  onEntry: (change: Partial<Entry>) => void
  disabled: boolean
  lacks: boolean
}) {
  const { t } = useTranslation()
  const { entry, onEntry, disabled } = props
  return (
    <div className="decision-reasons">
      <Radio.Group
        className="decision-reason-list"
        value={entry.reason}
        onChange={(event) => onEntry({ reason: event.target.value as DismissReason })}
        disabled={disabled}
        aria-label={t('signOff.reason')}
      >
        {dismissReasons.map((reason) => (
          <Radio key={reason} value={reason} data-testid={`reason-${reason}`}>
            {t(`signOff.reasons.${reason}`)}
          </Radio>
        ))}
        <Radio value="other" data-testid="reason-other">
          {t('signOff.reasonOther')}
        </Radio>
      </Radio.Group>
      {entry.reason === 'other' && (
        <Input
          value={entry.otherReason}
          onChange={(event) => onEntry({ otherReason: event.target.value })}
          maxLength={200}
          disabled={disabled}
          status={props.lacks ? 'error' : ''}
          placeholder={t('signOff.reasonText')}
          aria-label={t('signOff.reasonText')}
          data-testid="reason-text"
        />
      )}
    </div>
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

/** Enter signs from a text box as from any other field; Shift+Enter breaks the line. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
