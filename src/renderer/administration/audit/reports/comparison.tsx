import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditedReport } from '../../../../shared/api/audit.ts'
import { dateTime } from '../../../i18n/index.ts'
import { textDiff } from '../../../report/text-diff.ts'
import { sectionText, stateText } from './report-words.ts'
import '../../../report/report.css'
import '../../../report/writing.css'
import { firstPair, paired, type ReportState, reportStates } from './states.ts'

/** Any two texts of a report side by side: on the left what was taken out, on the right what came in. */
export function Comparison({ report }: { report: AuditedReport }) {
  const { t } = useTranslation()
  const states = useMemo(() => reportStates(report), [report])
  const [chosen, setChosen] = useState<{ before: string; after: string } | null>(() => firstPair(states))
  const state = (id: string | undefined) => states.find((each) => each.id === id)
  const before = state(chosen?.before)
  const after = state(chosen?.after)
  if (!chosen || !before || !after) return <div className="fill-message">{t('auditor.report.nothing')}</div>
  const pairs = paired(before.sections, after.sections)
  return (
    <div className="audit-compare" data-testid="comparison">
      <ol className="audit-states" aria-label={t('review.history.choose')}>
        {states.map((each) => (
          <State
            key={each.id}
            state={each}
            chosen={chosen}
            onBefore={() => setChosen({ ...chosen, before: each.id })}
            onAfter={() => setChosen({ ...chosen, after: each.id })}
          />
        ))}
      </ol>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
      <section className="audit-sides" tabIndex={0} aria-label={t('auditor.part.reports')}>
        {pairs.every((pair) => pair.before === pair.after) && (
          <p className="quiet" data-testid="comparison-same">
            {t(states.length === 1 ? 'auditor.report.onlyOne' : 'review.history.same')}
          </p>
        )}
        <div className="audit-side-heads">
          <strong>{stateText(t, before)}</strong>
          {before !== after && <strong>{stateText(t, after)}</strong>}
        </div>
        {pairs.map((pair) => (
          <section key={pair.name} data-testid="comparison-section">
            <h3>{sectionText(t, pair.name)}</h3>
            {before === after ? (
              <p className="report-text">{pair.before || t('report.empty')}</p>
            ) : (
              <Sides before={pair.before} after={pair.after} />
            )}
          </section>
        ))}
      </section>
    </div>
  )
}

interface StateProps {
  state: ReportState
  chosen: { before: string; after: string }
  onBefore: () => void
  onAfter: () => void
}

function State({ state, chosen, onBefore, onAfter }: StateProps) {
  const { t } = useTranslation()
  const { id, by, at, comment, intact } = state
  const name = stateText(t, state)
  const radio = (side: 'before' | 'after', onChange: () => void) => (
    <input
      type="radio"
      name={`audited-${side}`}
      checked={chosen[side] === id}
      onChange={onChange}
      title={t(`auditor.report.${side}`)}
      aria-label={`${t(`auditor.report.${side}`)} ${name}`}
    />
  )
  return (
    <li
      className={chosen.before === id || chosen.after === id ? 'history-row history-chosen' : 'history-row'}
      data-testid="report-state"
    >
      {radio('before', onBefore)}
      {radio('after', onAfter)}
      <span className="history-what">
        <strong>{name}</strong>
        <span className="quiet number">
          {by} {dateTime(at)}
        </span>
        {comment !== '' && <span className="history-comment">{comment}</span>}
        {intact !== null && (
          <span className={intact ? 'state-ok' : 'state-bad'} data-testid="signature-state">
            {t(intact ? 'auditor.report.intact' : 'auditor.report.notIntact')}
          </span>
        )}
      </span>
    </li>
  )
}

function Sides({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation()
  const parts = useMemo(() => textDiff(before, after), [before, after])
  const side = (mine: 'removed' | 'added') => {
    const shown = parts.filter(({ kind }) => kind === 'same' || kind === mine)
    if (shown.length === 0) return <p className="quiet">{t('report.empty')}</p>
    const Changed = mine === 'removed' ? 'del' : 'ins'
    let at = 0
    return (
      <p className="report-text">
        {shown.map(({ kind, text }) => {
          at += text.length
          return kind === 'same' ? (
            <span key={at}>{text}</span>
          ) : (
            <Changed key={at} title={t(`report.${mine}`)}>
              {text}
            </Changed>
          )
        })}
      </p>
    )
  }
  return (
    <div className="audit-side">
      {side('removed')}
      {side('added')}
    </div>
  )
}
