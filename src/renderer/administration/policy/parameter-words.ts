import type { Translate } from '../../i18n/index.ts'
import type { Value } from './changes.ts'
import type { Bound, Parameter } from './parameters.ts'

type Look = (key: string, options?: Record<string, unknown>) => string
const look = (t: Translate) => t as unknown as Look

export function parameterName(t: Translate, { path, role }: Parameter): string {
  if (role) return t('administration.policy.perRole', { role: t(`roles.${role}`) })
  return look(t)(`administration.policy.parameter.${path}`)
}

/** What the assessment asks of it; empty where it asks nothing. */
export function assessmentText(t: Translate, { path, assessed }: Parameter): string {
  return assessed ? look(t)(`administration.policy.assessment.${path}`) : ''
}

export function choiceName(t: Translate, { path }: Parameter, value: string): string {
  return look(t)(`administration.policy.choice.${path}.${value}`)
}

/** 10 位, 证书 + 密码, 不限 */
export function valueText(t: Translate, parameter: Parameter, value: Value): string {
  if (value === undefined) return t('administration.policy.unlimited')
  if (typeof value === 'number') {
    return parameter.unit ? t(`administration.policy.unit.${parameter.unit}`, { n: value }) : String(value)
  }
  if (typeof value === 'boolean') return t(value ? 'administration.policy.on' : 'administration.policy.off')
  return choiceName(t, parameter, value)
}

/** Who made a version; the first is the gateway's own. */
export function authorName(t: Translate, changedBy: string): string {
  return changedBy === 'gateway' ? t('administration.policy.byGateway') : changedBy
}

/** 8–64 */
export function boundText(t: Translate, bound: Bound): string {
  return bound.kind === 'number'
    ? t('administration.policy.bound', { least: bound.least, most: bound.most })
    : ''
}

/** What a value that cannot stand must be. */
export function mistakeText(t: Translate, { path }: Parameter, bound: Bound): string {
  const shown = { bound: boundText(t, bound) }
  if (path === 'session.caps.emergencyPlaces') return t('administration.policy.placesWrong', shown)
  const whole = bound.kind === 'number' && bound.whole
  return t(whole ? 'administration.policy.wrongWhole' : 'administration.policy.wrong', shown)
}
