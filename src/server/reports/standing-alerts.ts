import { isOpen, maybeSame } from '../../shared/alert/index.ts'
import type { SectionFinding } from '../../shared/critical/model.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { ReportText, StandingDecision } from '../../shared/report/index.ts'
import type { KeptAlert } from '../critical/index.ts'

/**
 * Those alerts of a report's earlier versions whose finding the new text no longer has: not as positive or possible, or on
 * the other side. One that was added by hand has its finding as long as its words stand in the text.
 */
export function withoutFinding(
  alerts: readonly KeptAlert[],
  { text, findings }: { text: ReportText; findings: readonly SectionFinding[] },
): KeptAlert[] {
  const present = findings.filter(({ grade }) => grade === 'positive' || grade === 'possible')
  return alerts.filter(({ alert: { findingType: type, side, keyword } }) =>
    type === null
      ? !text.findings.includes(keyword) && !text.impression.includes(keyword)
      : !present.some((finding) => maybeSame({ type, side }, finding)),
  )
}

/** Those of them that need a decision: the loop is not closed. */
export function undecided(alerts: readonly KeptAlert[]): KeptAlert[] {
  return alerts.filter(({ standing }) => isOpen(standing.state))
}

/**
 * Every open alert that lost its finding has one decision, and nothing else is decided on.
 * @returns the alerts to be withdrawn, with why.
 * @throws VigilError `alert-undecided` with the count, or `bad-request` naming the wrong decision.
 */
export function checkStanding(
  decisions: readonly StandingDecision[],
  lost: readonly KeptAlert[],
): { alert: KeptAlert['alert']; reason: string }[] {
  const pending = new Set(undecided(lost).map(({ alert }) => alert.id))
  const seen = new Set<string>()
  const withdrawn = decisions.flatMap(({ alertId, action, reason }, index) => {
    const wrong = (why: string) => new VigilError('bad-request', { field: `standing[${index}]`, reason: why })
    if (seen.has(alertId)) throw wrong('repeated')
    seen.add(alertId)
    const kept = lost.find(({ alert }) => alert.id === alertId)
    if (!kept) throw wrong('no-such-alert')
    pending.delete(alertId)
    return action === 'withdraw' ? [{ alert: kept.alert, reason }] : []
  })
  if (pending.size > 0) throw new VigilError('alert-undecided', { count: pending.size })
  return withdrawn
}
