import type { Failure } from '../../shared/errors/index.ts'
import { sentenceTime } from './dates.ts'
import { errorDetailsZh, errorWaitsZh } from './errors.zh-CN.ts'
import type { Translate } from './index.ts'

/** A number this large is an instant (epoch ms after 2001-09-09), anything smaller a count or a length. */
const instant = 1e12

const detailed: readonly [table: string, sentences: Record<string, string>][] = [
  ['errorWaits', errorWaitsZh],
  ['errorDetails', errorDetailsZh],
]

/** The sentence for a failure in the user's language: with its facts where it carries all that the sentence names. */
export function failureSentence(t: Translate, failure: Failure, now: number): string {
  const facts = shownFacts(failure, now)
  for (const [table, sentences] of detailed) {
    const sentence = Object.hasOwn(sentences, failure.code) ? sentences[failure.code] : undefined
    if (sentence === undefined) continue
    const names = [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '')
    if (names.every((name) => name in facts)) {
      return (t as (key: string, facts: Record<string, string>) => string)(`${table}.${failure.code}`, facts)
    }
  }
  return t(`errors.${failure.code}`)
}

/** Facts as words: an instant as a time, and a length in ms (`skewMs`) also in whole seconds (`skewSeconds`). */
function shownFacts(failure: Failure, now: number): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(failure.facts ?? {})) {
    shown[name] = typeof value === 'number' && value > instant ? sentenceTime(value, now) : String(value)
    if (typeof value === 'number' && name.endsWith('Ms')) {
      shown[`${name.slice(0, -2)}Seconds`] = String(Math.ceil(Math.abs(value) / 1000))
    }
  }
  return shown
}
