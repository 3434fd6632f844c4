import { describe, expect, it } from 'vitest'
import {
  changesBetween,
  drafted,
  isStricter,
  openDrafts,
  valueAt,
} from '../../../../src/renderer/administration/policy/changes.ts'
import {
  choiceName,
  parameterName,
  valueText,
} from '../../../../src/renderer/administration/policy/parameter-words.ts'
import { boundsOf, parameters } from '../../../../src/renderer/administration/policy/parameters.ts'
import { withChanges } from '../../../../src/renderer/administration/policy/versions.ts'
import { createI18n, type Language } from '../../../../src/renderer/i18n/index.ts'
import { SecurityPolicy } from '../../../../src/shared/policy/index.ts'

const policy = SecurityPolicy.parse({})
const bounds = boundsOf()

/** Every leaf of a value, by path. */
function paths(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' ? paths(inner, `${before}${key}.`) : [`${before}${key}`],
  )
}

describe('the parameters of the editor', () => {
  it('are those of the policy, each once, with caps for each role that can be given', () => {
    const known = parameters.map(({ path }) => path)
    expect(new Set(known).size).toBe(known.length)
    expect(known.filter((path) => !path.includes('.perRole.')).toSorted()).toEqual(paths(policy).toSorted())
    expect(known.filter((path) => path.includes('.perRole.'))).toHaveLength(6)
  })

  it('take their bounds from the schema, so that what the editor allows the gateway takes', () => {
    expect(bounds.get('password.minLength')).toEqual({ kind: 'number', least: 8, most: 64, whole: true })
    expect(bounds.get('password.maxAgeDays')).toMatchObject({ most: 90 })
    expect(bounds.get('signIn.fallbackAllowed')).toEqual({ kind: 'switch' })
    for (const [path, bound] of bounds) {
      if (bound.kind !== 'number') continue
      const accepts = (value: number) =>
        drafted(policy, { 'session.caps.total': '100000', [path]: String(value) }, bounds).policy !== null
      if (path === 'session.caps.total') continue
      expect([path, accepts(bound.least), accepts(bound.most)]).toEqual([path, true, true])
      expect([path, accepts(bound.most + 1)]).toEqual([path, false])
      if (bound.whole && bound.least > 0) expect([path, accepts(bound.least - 1)]).toEqual([path, false])
    }
  })

  it('offer no session time below a minute, or a shift below an hour, which the schema has for trials', () => {
    for (const path of ['shiftHours', 'lockAfterMinutes', 'endAfterMinutes', 'silenceMinutes']) {
      expect(bounds.get(`session.${path}`)).toMatchObject({ least: 1 })
      const { policy: refused, mistakes } = drafted(policy, { [`session.${path}`]: '0.5' }, bounds)
      expect([refused, [...mistakes]]).toEqual([null, [`session.${path}`]])
    }
  })

  it.each<Language>(['zh-CN', 'en'])('have names, units and choices in %s', async (language) => {
    const { t } = await createI18n(language)
    for (const parameter of parameters) {
      expect(parameterName(t, parameter)).not.toContain('administration.')
      expect(valueText(t, parameter, valueAt(policy, parameter.path))).not.toContain('administration.')
      const bound = bounds.get(parameter.path)
      if (bound?.kind !== 'choice') continue
      for (const value of bound.values)
        expect(choiceName(t, parameter, value)).not.toContain('administration.')
    }
  })
})

describe('drafts over the policy in force', () => {
  it('make a policy that the schema takes, and say from what to what', () => {
    const { policy: next, changes } = drafted(
      policy,
      { 'password.minLength': ' 12 ', 'signIn.fallbackAllowed': false, 'session.caps.perRole.auditor': '3' },
      bounds,
    )
    expect(next?.password.minLength).toBe(12)
    expect(next?.session.caps.perRole).toEqual({ auditor: 3 })
    expect(changes.map(({ parameter, from, to }) => [parameter.path, from, to])).toEqual([
      ['signIn.fallbackAllowed', true, false],
      ['password.minLength', 10, 12],
      ['session.caps.perRole.auditor', undefined, 3],
    ])
    expect(policy.password.minLength).toBe(10)
  })

  it.each([
    ['password.minLength', '7'],
    ['password.minLength', '8.5'],
    ['password.minLength', ''],
    ['password.maxAgeDays', '91'],
    ['password.maxAgeDays', '1e1'],
    ['session.shiftHours', '-1'],
    ['session.lockAfterMinutes', 'ten'],
    ['session.caps.perRole.radiologist', '0'],
  ])('that break a bound are told at their field: %s = %j', (path, typed) => {
    const { policy: next, mistakes } = drafted(policy, { [path]: typed }, bounds)
    expect(next).toBeNull()
    expect([...mistakes]).toEqual([path])
  })

  it('that break the rule over the caps are told at the places kept free', () => {
    const { mistakes } = drafted(policy, { 'session.caps.total': '5' }, bounds)
    expect([...mistakes]).toEqual(['session.caps.emergencyPlaces'])
  })

  it('outlive a newer version, but for those that it already holds', () => {
    const newer = SecurityPolicy.parse({ password: { minLength: 12 } })
    const drafts = {
      'password.minLength': '12',
      'password.history': '8',
      'session.secondSession': 'take-over',
    }
    expect(openDrafts(newer, drafts)).toEqual({ 'password.history': '8' })
  })

  it('taking a cap away is a change to none', () => {
    const capped = SecurityPolicy.parse({ session: { caps: { perRole: { auditor: 2 } } } })
    const next = drafted(capped, { 'session.caps.perRole.auditor': '' }, bounds)
    expect(next.policy?.session.caps.perRole).toEqual({})
    expect(next.changes.map(isStricter)).toEqual([false])
  })
})

describe('a change', () => {
  const between = (change: object) =>
    changesBetween(policy, SecurityPolicy.parse(change)).map((each) => isStricter(each))

  it('is stricter or looser by its parameter, or neither', () => {
    expect(between({ password: { minLength: 12 } })).toEqual([true])
    expect(between({ password: { maxAgeDays: 30 } })).toEqual([true])
    expect(between({ session: { lockAfterMinutes: 20 } })).toEqual([false])
    expect(between({ revocation: { ocsp: 'fail-open' } })).toEqual([true])
    expect(between({ session: { secondSession: 'refuse' } })).toEqual([true])
    expect(between({ session: { caps: { perRole: { auditor: 2 } } } })).toEqual([true])
    expect(between({ password: { warnDays: 3 } })).toEqual([null])
  })

  it('of each version is against the one before it, whatever order they come in', () => {
    const version = (n: number, change: object) => ({
      version: n,
      policy: SecurityPolicy.parse(change),
      changedAt: n,
      changedBy: '',
    })
    const history = withChanges([version(1, {}), version(3, {}), version(2, { password: { history: 9 } })])
    expect(history.map((each) => each.version)).toEqual([3, 2, 1])
    expect(history.map((each) => each.changes?.map(({ from, to }) => [from, to]) ?? null)).toEqual([
      [[9, 5]],
      [[5, 9]],
      null,
    ])
  })
})
