import type { HangingProtocol, SeriesRule } from '../../../shared/settings/index.ts'
import { type Arrangement, paneCount, type Showing } from './arrangement.ts'
import { planeOfWords, type SlicePlaneName } from './slice-plane.ts'

/** What the choice of a protocol goes by. */
export interface ExamFacts {
  modalities: readonly string[]
  /** Body part, exam item and description, in whatever language they come. */
  words: string
  /** Prior exams that may be opened. */
  priors: number
}

/** What the choice of a series for a pane goes by. `study` is 0 for the exam, 1 for its likeliest prior. */
export interface SeriesFacts {
  set: string
  study: number
  modality: string
  /** Description, and for projections side and view. */
  words: string
  /** Null while the images' attributes have not come. */
  plane: SlicePlaneName | null
  images: number
}

const cjk = /[\u3400-\u9fff]/

/** Whether a word stands in a text; case does not count. A Latin word begins where a word begins: `cor` is not in `score`. */
export function says(text: string, word: string): boolean {
  const wanted = word.trim().toLowerCase()
  if (wanted === '') return false
  const all = text.toLowerCase()
  if (cjk.test(wanted)) return all.includes(wanted)
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1))
    if (at === 0 || !/[a-z0-9]/.test(all[at - 1]!)) return true
  return false
}

const anyOf = (words: readonly string[], text: string) =>
  words.length === 0 || words.some((word) => says(text, word))

export function fits(protocol: HangingProtocol, exam: ExamFacts): boolean {
  const { modalities } = protocol
  return (
    (modalities.length === 0 || modalities.some((one) => exam.modalities.includes(one))) &&
    anyOf(protocol.bodyParts, exam.words) &&
    (!protocol.needsPrior || exam.priors > 0)
  )
}

/** The protocols that fit, best first: the person's own in their order, then the delivered ones in theirs. */
export function fittingProtocols(
  own: readonly HangingProtocol[],
  delivered: readonly HangingProtocol[],
  exam: ExamFacts,
): HangingProtocol[] {
  return [...own, ...delivered].filter((protocol) => fits(protocol, exam))
}

/** Series that a rule allows, in the exam's order. */
export function candidates(rule: SeriesRule, series: readonly SeriesFacts[]): SeriesFacts[] {
  return series.filter(
    (one) =>
      one.study === rule.study &&
      one.images > 0 &&
      anyOf(rule.description, one.words) &&
      (rule.plane === 'any' || (one.plane ?? planeOfWords(one.words)) === rule.plane) &&
      (rule.as === 'stack' || one.images > 2),
  )
}

/** The series that a rule means; null where there is none (yet). */
export function seriesFor(rule: SeriesRule, series: readonly SeriesFacts[]): SeriesFacts | null {
  return candidates(rule, series)[rule.nth] ?? null
}

/** How many panes for the exam itself find a series, and how many do not. */
function own(protocol: HangingProtocol, series: readonly SeriesFacts[]): { found: number; lacking: number } {
  const rules = protocol.panes.filter((rule) => rule?.study === 0)
  const found = rules.filter((rule) => rule && seriesFor(rule, series)).length
  return { found, lacking: rules.length - found }
}

/**
 * The one to begin with, of protocols that fit (`fittingProtocols`): a person's own (`mine`, by id) as soon as it finds anything of
 * the exam, a delivered one where it finds all; null where there is none at all.
 */
export function bestProtocol(
  fitting: readonly HangingProtocol[],
  mine: ReadonlySet<string>,
  series: readonly SeriesFacts[],
): HangingProtocol | null {
  const best = fitting.find((protocol) => {
    const { found, lacking } = own(protocol, series)
    return found > 0 && (lacking === 0 || mine.has(protocol.id))
  })
  return best ?? fitting.at(-1) ?? null
}

/**
 * The panes as a protocol has them. A pane whose rule finds nothing stays free: an image in the wrong place is worse than none.
 * Where no pane at all finds its series, the exam's first ones take the panes.
 */
export function hang(protocol: HangingProtocol, series: readonly SeriesFacts[]): Arrangement {
  const count = paneCount(protocol)
  const grid = { rows: protocol.rows, columns: protocol.columns, active: 0, maximised: false }
  const panes: (Showing | null)[] = Array.from({ length: count }, (_, i) => {
    const rule = protocol.panes[i]
    const found = rule ? seriesFor(rule, series) : null
    return rule && found ? { set: found.set, as: rule.as, preset: rule.preset } : null
  })
  if (panes.every((pane) => pane === null)) {
    const own = series.filter((one) => one.study === 0)
    return { ...grid, panes: panes.map((_, i) => (own[i] ? { set: own[i].set, as: 'stack' } : null)) }
  }
  return { ...grid, panes }
}

export function sameShowing(a: Arrangement, b: Arrangement): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    Array.from({ length: paneCount(a) }, (_, i) => i).every(
      (i) => a.panes[i]?.set === b.panes[i]?.set && a.panes[i]?.as === b.panes[i]?.as,
    )
  )
}

/** The rules that would hang what is on the screen now: by description where it tells the series apart, else by place. */
export function rulesOf(arrangement: Arrangement, series: readonly SeriesFacts[]): (SeriesRule | null)[] {
  return Array.from({ length: paneCount(arrangement) }, (_, i) => {
    const showing = arrangement.panes[i]
    const facts = showing && series.find((one) => one.set === showing.set)
    if (!showing || !facts || facts.study > 3) return null
    const words = facts.words.trim().slice(0, 40).trim()
    const rule: SeriesRule = {
      study: facts.study,
      description: words === '' ? [] : [words],
      plane: 'any',
      nth: 0,
      as: showing.as,
      preset: showing.preset ?? null,
    }
    const nth = candidates(rule, series).findIndex((one) => one.set === facts.set)
    return nth < 0 || nth > 20 ? null : { ...rule, nth }
  })
}
