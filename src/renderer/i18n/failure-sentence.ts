import { Role } from '../../shared/access/index.ts'
import type { ErrorCode, Failure } from '../../shared/errors/index.ts'
import { sentenceTime } from './dates.ts'
import { errorCasesZh, errorDetailsZh, errorWaitsZh } from './errors.zh-CN.ts'
import type { Translate } from './index.ts'

/** A number this large is an instant (epoch ms after 2001-09-09), anything smaller a count or a length. */
const instant = 1e12

/** The fact by whose value the sentence is chosen. */
const deciding: Record<keyof typeof errorCasesZh, string> = {
  'session-cap': 'cap',
  'password-change-required': 'why',
  'password-unacceptable': 'why',
  'password-not-set': 'mayChoose',
  'account-unknown': 'mayBind',
}

/** The sentence for a failure in the user's language: with its facts where it carries all that the sentence names. */
export function failureSentence(t: Translate, failure: Failure, now: number): string {
  const facts = shownFacts(t, failure, now)
  const say = t as (key: string, facts: Record<string, string>) => string
  for (const [key, sentence] of detailed(failure)) {
    const names = [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '')
    if (names.every((name) => name in facts)) return say(key, facts)
  }
  return t(`errors.${failure.code}`)
}

/** The sentences with facts that there are for a failure, the most telling first, each with its key. */
function detailed({ code, facts = {} }: Failure): [key: string, sentence: string][] {
  const at = <T>(table: Partial<Record<ErrorCode, T>>) =>
    Object.hasOwn(table, code) ? table[code] : undefined
  const cases = at<Record<string, string>>(errorCasesZh)
  const value = String(facts[at<string>(deciding) ?? ''])
  const found: [string, string | undefined][] = [
    [`errorCases.${code}.${value}`, cases && Object.hasOwn(cases, value) ? cases[value] : undefined],
    [`errorWaits.${code}`, at<string>(errorWaitsZh)],
    [`errorDetails.${code}`, at<string>(errorDetailsZh)],
  ]
  return found.filter((each): each is [string, string] => each[1] !== undefined)
}

/** Facts as words: an instant as a time, a role by its name, and a length in ms (`skewMs`) also in whole seconds (`skewSeconds`). */
function shownFacts(t: Translate, failure: Failure, now: number): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(failure.facts ?? {})) {
    shown[name] = typeof value === 'number' && value > instant ? sentenceTime(value, now) : String(value)
    const role = name === 'role' ? Role.safeParse(value) : undefined
    if (role?.success) shown[name] = t(`roles.${role.data}`)
    if (typeof value === 'number' && name.endsWith('Ms')) {
      shown[`${name.slice(0, -2)}Seconds`] = String(Math.ceil(Math.abs(value) / 1000))
    }
  }
  return shown
}
