import type { Anomaly } from '../../../../shared/audit/index.ts'
import { clockTime, dateOf, dateTime, type Translate } from '../../../i18n/index.ts'
import { factValueText } from '../audit-words.ts'

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

export function severityOf({ kind }: Pick<Anomaly, 'kind'>): Severity {
  return severityOfKind[kind]
}

/** The most severe first, the newest of them first. */
export function bySeverity(a: Anomaly, b: Anomaly): number {
  return severities.indexOf(severityOf(a)) - severities.indexOf(severityOf(b)) || b.to - a.to
}

/** 李明华 在 2026-11-22 23:10:05 至 23:40:00 查看了 48 份资料。阈值 40 */
export function anomalySentence(t: Translate, anomaly: Anomaly): string {
  const { kind, accountName, workstation, from, to, count } = anomaly
  const until = dateOf(from) === dateOf(to) ? clockTime(to) : dateTime(to)
  const sentence = t(`auditor.anomaly.sentence.${kind}`, {
    who: accountName || workstation || t('auditor.anomaly.nobody'),
    when: from === to ? dateTime(from) : t('auditor.anomaly.span', { from: dateTime(from), to: until }),
    count,
  })
  const facts = factWords(t, anomaly)
  return facts === '' ? sentence : `${sentence}${t('auditor.anomaly.because', { facts })}`
}

type Look = (key: string, options: { defaultValue: string }) => string

function factWords(t: Translate, { facts }: Pick<Anomaly, 'facts'>): string {
  return Object.entries(facts)
    .map(([name, value]) => {
      const called = (t as unknown as Look)(`auditor.anomaly.fact.${name}`, { defaultValue: name })
      return `${called} ${factValueText(t, name, value)}`
    })
    .join(t('administration.comma'))
}
