import { Button } from 'antd'
import { useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreparedSignOff } from '../../shared/api/index.ts'
import { findingKey } from '../../shared/critical/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'
import { AddedAlertRow } from './added-alert-row.tsx'
import type { Lack } from './decisions.ts'
import { sentencesOf } from './excerpt.ts'
import { FindingDecisionRow } from './finding-decision-row.tsx'
import { InformationList } from './information-list.tsx'
import { StandingRow } from './standing-row.tsx'
import { siblingsOf, speakerOf, spokenFor } from './together.ts'
import { divide, earlierStanding, type Work } from './work.ts'
import type { workChanges } from './work-changes.ts'

interface WorkListProps {
  prepared: PreparedSignOff
  text: ReportText
  /** The text is as it was signed before. */
  unchanged: boolean
  types: CriticalTypes
  work: Work
  changes: ReturnType<typeof workChanges>
  /** What lacks something, by item. */
  lacks: ReadonlyMap<string, Lack>
  /** Whether what lacks is marked. */
  showLacks: boolean
  onNext: (from: string) => void
  disabled: boolean
}

/** Everything to be decided before the signature: alerts that stand, findings, and what is added by hand. */
export function WorkList(props: WorkListProps) {
  const { prepared, text, unchanged, types, work, changes, lacks, showLacks, onNext, disabled } = props
  const { t } = useTranslation()
  const idBase = useId()
  const added = useRef(0)
  const { toDecide, information } = divide(prepared.findings)
  const sentences = useMemo(() => sentencesOf(text), [text])
  const lackOf = (id: string) => (showLacks ? (lacks.get(id) ?? null) : null)
  const surroundings = {
    types,
    recipients: prepared.recipients,
    earlier: earlierStanding(prepared.earlier, work),
    disabled,
  }
  const total = toDecide.length + prepared.standing.length + work.added.length
  return (
    <>
      {prepared.orderDamaged && (
        <p className="sign-off-damaged" role="alert" data-testid="sign-off-order-damaged">
          {t('signOff.orderDamaged')}
        </p>
      )}
      {unchanged && (
        <p className="sign-off-none" data-testid="sign-off-unchanged">
          {t('signOff.unchangedHint')}
        </p>
      )}
      {prepared.standing.length > 0 && <h3 className="sign-off-heading">{t('signOff.standing.title')}</h3>}
      {prepared.standing.map((alert, index) => (
        <StandingRow
          key={alert.id}
          alert={alert}
          typeName={types.name(alert.type)}
          entry={work.standing[alert.id] ?? { action: null, reason: '' }}
          onEntry={(entry) => changes.standing(alert.id, entry)}
          lack={lackOf(alert.id)}
          disabled={disabled}
          autoFocus={index === 0}
        />
      ))}
      <h3 className="sign-off-heading">
        {t('signOff.decide')}
        {total > 0 && (
          <span className="quiet number" data-testid="sign-off-progress">
            {t('signOff.decideCount', { done: total - lacks.size, total })}
          </span>
        )}
        <span className="space" />
        <Button
          size="small"
          onClick={() => {
            added.current += 1
            changes.add(`added${idBase}${added.current}`)
          }}
          disabled={disabled || sentences.length === 0 || types.all.length === 0}
          title={t('signOff.added.addHint')}
          autoFocus={unchanged && toDecide.length === 0 && prepared.standing.length === 0}
          data-testid="add-alert"
        >
          {t('signOff.added.add')}
        </Button>
      </h3>
      {toDecide.length === 0 && <p className="sign-off-none">{t('signOff.none')}</p>}
      {toDecide.map((finding, index) => {
        const key = findingKey(finding)
        const entry = work.entries[key]
        return (
          entry && (
            <FindingDecisionRow
              key={key}
              {...surroundings}
              id={key}
              finding={finding}
              text={text[finding.section]}
              entry={entry}
              onEntry={(change) => changes.entry(key, change)}
              siblings={siblingsOf(finding, prepared.findings, work.entries).length}
              speaker={speakerOf(finding, prepared.findings, work.entries)}
              speaksFor={spokenFor(finding, prepared.findings, work.entries)}
              onMerge={() => changes.merge(finding)}
              onNext={() => onNext(key)}
              lack={lackOf(key)}
              autoFocus={index === 0 && prepared.standing.length === 0}
            />
          )
        )
      })}
      {work.added.map((each) => (
        <AddedAlertRow
          key={each.id}
          {...surroundings}
          added={each}
          text={text}
          sentences={sentences}
          onAdded={changes.added}
          onRemove={() => {
            changes.remove(each.id)
            onNext(each.id)
          }}
          onNext={() => onNext(each.id)}
          lack={lackOf(each.id)}
        />
      ))}
      <InformationList findings={information} typeName={types.name} />
    </>
  )
}
