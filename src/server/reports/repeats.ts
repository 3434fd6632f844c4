import { maybeSame } from '../../shared/alert/index.ts'
import { findingKey, type SectionFinding } from '../../shared/critical/index.ts'
import type { CriticalRules } from '../../shared/critical/model.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { FindingDecision } from '../../shared/report/index.ts'
import type { KeptAlert } from '../critical/index.ts'

/** From when on an alert for the same patient asks before it is raised again; null where the rules never ask. */
export function askedSince({ repeatHours }: Pick<CriticalRules, 'repeatHours'>, at: number): number | null {
  return repeatHours === 0 ? null : at - repeatHours * 3_600_000
}

/**
 * Nothing is reported twice without somebody saying so: an alert for which there is an earlier one of the same type, and
 * not clearly of another side, names one of them in `repeats`.
 * @param earlier newest first; none that was withdrawn.
 * @param goingNow ids of those that this very signature withdraws: they need not be named, and may be.
 * @throws VigilError `alert-already-raised` with the newest; `report-changed` where it names what is not an earlier alert.
 */
export function checkRepeats(
  decisions: readonly FindingDecision[],
  findings: readonly SectionFinding[],
  earlier: readonly KeptAlert[],
  goingNow: ReadonlySet<string>,
): void {
  const sides = new Map(findings.map((finding) => [findingKey(finding), finding.side]))
  for (const decision of decisions) {
    if (decision.action !== 'alert') continue
    const kind = { type: decision.alertType, side: sides.get(findingKey(decision)) }
    const same = earlier.filter(({ alert }) => maybeSame(alert, kind))
    const named = same.some(({ alert }) => alert.id === decision.repeats)
    const newest = same.find(({ alert }) => !goingNow.has(alert.id))
    if (decision.repeats === null && newest)
      throw new VigilError('alert-already-raised', { at: newest.alert.raisedAt, alertId: newest.alert.id })
    if (decision.repeats !== null && !named) throw new VigilError('report-changed', { reason: 'repeats' })
  }
}
