import type { Anomaly } from '../../../../shared/audit/index.ts'
import { clockTime, dateOf, dateTime, type Translate } from '../../../i18n/index.ts'
import { factValueText, shortId } from '../audit-words.ts'

/** How soon an auditor should look, the most urgent first. */
export const severities = ['high', 'middle', 'low'] as const
export type Severity = (typeof severities)[number]

const severityOfKind: Record<Anomaly['kind'], Severity> = {
  'break-glass': 'high',
  'vip-access': 'high',
  'mass-access': 'high',
  'repeated-denials': 'middle',
  export: 'middle',
  'off-hours': 'middle',
  'new-workstation': 'low',
}

/** What the gateway holds for urgent comes first, whatever its kind. */
export function severityOf({ kind, urgent }: Pick<Anomaly, 'kind' | 'urgent'>): Severity {
  return urgent ? 'high' : severityOfKind[kind]
}

/** The most severe first, the newest of them first. */
export function bySeverity(a: Anomaly, b: Anomaly): number {
  return severities.indexOf(severityOf(a)) - severities.indexOf(severityOf(b)) || b.to - a.to
}

/** 李明华在 2026-11-22 17:10:05 至 18:10:00 访问 48 名患者的资料，… */
export function anomalySentence(t: Translate, anomaly: Anomaly): string {
  const { kind, accountName, from, to, count, facts } = anomaly
  const until = dateOf(from) === dateOf(to) ? clockTime(to) : dateTime(to)
  const sentence = t(`auditor.anomaly.sentence.${kind}`, {
    who: accountName || workstationText(anomaly) || t('auditor.anomaly.nobody'),
    when: from === to ? dateTime(from) : t('auditor.anomaly.span', { from: dateTime(from), to: until }),
    where: workstationText(anomaly),
    count,
  })
  return `${sentence}${whyText(t, kind, facts)}`
}

/** Its name; where it has none, the beginning of its id. */
export function workstationText({ workstation, workstationName }: Anomaly): string {
  return workstationName ?? shortId(workstation)
}

type Look = (key: string, options: Record<string, string | number>) => string

/** What makes it unusual, in a sentence of its kind; where a fact that the sentence needs is not there, the facts as they are. */
function whyText(t: Translate, kind: Anomaly['kind'], facts: Anomaly['facts']): string {
  const look = t as unknown as Look
  if (Object.keys(facts).length === 0) return ''
  // Nothing was learned of somebody who has not worked long enough.
  const reason = kind === 'off-hours' && facts.daysLearned === 0 ? 'off-hours-unlearned' : kind
  const why = look(`auditor.anomaly.why.${reason}`, { ...facts, defaultValue: '{{' })
  if (!why.includes('{{')) return why
  const named = Object.entries(facts).map(
    ([name, value]) =>
      `${look(`audit.fact.${name}`, { defaultValue: name })} ${factValueText(t, name, value)}`,
  )
  return t('auditor.anomaly.because', { facts: named.join(t('administration.comma')) })
}
