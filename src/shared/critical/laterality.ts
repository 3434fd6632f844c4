import type { Side } from './model.ts'
import { hasChinese, type Reading, type Span, spansOf } from './reading.ts'

/** 左心室 and 左冠状动脉 name a part, 左移 and 向左 a direction: neither says on which side a finding is. */
const CHINESE =
  /(?:双|两)(?=侧|肺|肾|膝|髋|肩|眼|耳|下|上|手|足|附件|额|颞|顶|枕|叶)|(?<!向)[左右](?![移偏心房室冠]|前斜|后斜)/gu
const ENGLISH =
  /\b(?:bilateral(?:ly)?|both|left|right)\b(?! (?:ventric|atri|heart|main coronary|shift|coronary))/gu
/** Between two sides: they are a pair. 左、右肺动脉, 左侧及右侧, "left and right". */
const PAIR = /^[侧肺]?(?: ?(?:、|及|和|与|\/|and) ?)$/u
/** The finding's place named after it: 气胸（左侧）, 脑出血，位于右侧基底节区, "effusion on the left". */
const PLACE_AFTER = /^(?:\(|,?(?:位于|以)|,? ?(?:(?:on|in|at|of) the |to the ))/u
/** Of the middle: a side before it is another finding's. */
const MIDLINE = /中线|midline/u
/** This far back within the sentence (code units) a side is looked for. */
const REACH_BACK = 60
/** And this far after the finding, where its place is named there. */
const REACH_AFTER = 16

/**
 * The side of a finding as its sentence states it: in the term itself, else right after it in brackets or with 位于, else the nearest side
 * before it, in its own clause or in one since the finding of an earlier clause: that one's side is not its. Undefined where none is stated.
 */
export function sideOf(reading: Reading, hit: Span): Side | undefined {
  const { text } = reading
  const from = Math.max(0, hit.start - REACH_BACK)
  const words = hasChinese(text.slice(from, hit.end + REACH_AFTER)) ? CHINESE : ENGLISH
  if (MIDLINE.test(text.slice(hit.start, hit.end))) return undefined
  const stated = sidesWithin(text, words, since(reading, from, hit), hit.end)
  const own = stated.filter((word) => word.start >= hit.start)
  if (own.length > 0) return sideOfAll(text, own)
  if (PLACE_AFTER.test(text.slice(hit.end, hit.end + REACH_AFTER))) {
    const after = sidesWithin(text, words, hit.end, hit.end + REACH_AFTER)
    if (after.length > 0) return sideOfAll(text, after.slice(0, 2))
  }
  return sideOfAll(text, stated)
}

/** Where the statement of the finding begins: after the last finding of an earlier clause. */
function since(reading: Reading, from: number, hit: Span): number {
  const clause = reading.clauses[reading.clauseAt(hit.start)]
  const earlier = reading.hitsWithin(from, clause?.start ?? hit.start)
  return earlier[earlier.length - 1]?.end ?? from
}

type SideWord = { start: number; end: number; side: Side }

function sidesWithin(text: string, words: RegExp, start: number, end: number): SideWord[] {
  // of a slice: over the whole text a search without a match would run to its end for every finding
  return spansOf(text.slice(start, end + 1), words, 0, end - start).map((span) => ({
    start: span.start + start,
    end: span.end + start,
    side: sideOfWord(text.slice(span.start + start, span.end + start)),
  }))
}

function sideOfWord(word: string): Side {
  if (word === '左' || word === 'left') return 'left'
  return word === '右' || word === 'right' ? 'right' : 'bilateral'
}

/** Of several words: the pair that the last two make, else the last, which stands nearest. */
function sideOfAll(text: string, words: readonly SideWord[]): Side | undefined {
  const last = words[words.length - 1]
  const other = words[words.length - 2]
  if (last === undefined || other === undefined || other.side === last.side) return last?.side
  return PAIR.test(text.slice(other.end, last.start)) ? 'bilateral' : last.side
}
