import { isDigit } from './normalise.ts'

/**
 * What a sentence stands under: nothing in particular, the request for the examination (检查目的: 排除肺栓塞),
 * the patient's history, or the family's; with the heading's words as written.
 */
export type Heading = { over: 'nothing' | 'request' | 'history' | 'family'; words: string }

/** No heading, or one whose findings are the report's own. */
export const NO_HEADING: Heading = { over: 'nothing', words: '' }

/** A sentence as a half-open range of UTF-16 offsets of the whole text. Sentences cover the text without gaps, in order. */
export type Sentence = { start: number; end: number; heading: Heading }

const REQUEST =
  /[ \t\u3000]{0,8}(?:[(【[]?[ \t\u3000]{0,4}(?:检查目的|申请目的|送检目的|会诊目的|检查项目|检查部位|检查名称|检查方法|检查技术|扫描方法|临床诊断|临床印象|临床症状|临床资料|临床信息|主诉|简要病史|病史摘要|现病史|申请单|(?:clinical )?(?:indications?|information|details|question)|clinical history|reason for (?:exam(?:ination)?|study|visit)|technique|procedure|protocol|comparison))[ \t\u3000]{0,4}[)】\]]?[ \t\u3000]{0,4}[:：]/iy
const HISTORY =
  /[ \t\u3000]{0,8}(?:既往史|过去史|病史|past (?:medical |surgical )?history|pmh)[ \t\u3000]{0,4}[:：]/iy
const FAMILY = /[ \t\u3000]{0,8}(?:家族史|family history|fh)[ \t\u3000]{0,4}[:：]/iy
const BODY =
  /[ \t\u3000]{0,8}(?:[(【[]?[ \t\u3000]{0,4}(?:检查所见|影像所见|影像学表现|影像表现|影像学所见|影像诊断|影像学诊断|影像学检查|辅助检查|检查结果|检查结论|诊断结论|放射学诊断|超声所见|超声提示|超声诊断|本次检查|现检查|(?:头颅|头部|颅脑|胸部|胸腹部|腹部|全腹部?|盆腔|颈部|颈椎|腰椎|床旁|床边|复查)*(?:cta?|ctpa|mra?|mri|mrcp|dsa|dr|cr|x线|b超|彩超|超声|胸片|平片|腹平片|片)(?:平扫|增强)?(?:示|见|检查|提示)?|所见|诊断意见|诊断|印象|意见|结论|提示|findings?|impression|conclusion|opinion|report)[ \t\u3000]{0,4}[)】\]]?)[ \t\u3000]{0,4}[:：]/iy

/**
 * Splits a report's text into sentences. A sentence ends at 。；;！!？? and at the end of a line (unless an English sentence
 * runs on in lower case on the next), at a full stop that is no decimal point or abbreviation, and before an item's number.
 * One pass, no allocation but the result; a keystroke splits the whole text anew.
 */
export function splitSentences(text: string): Sentence[] {
  const sentences: Sentence[] = []
  let start = 0
  let heading = headingAt(text, 0, NO_HEADING)
  const cut = (end: number, newLine: boolean) => {
    sentences.push({ start, end, heading })
    start = end
    heading = headingAt(text, end, newLine ? NO_HEADING : heading)
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x61 && unit <= 0x7a) continue
    if (unit >= 0x4e00 && unit <= 0x9fff) continue
    if (unit === 0x20) continue
    switch (unit) {
      case 0x0a: // line feed
      case 0x0d:
      case 0x2028:
      case 0x2029:
        if (!runsOn(text, i)) cut(i + 1, true)
        break
      case 0x3002: // 。
      case 0xff61:
      case 0xff1b: // ；
      case 0x3b:
      case 0xff01: // ！
      case 0x21:
        cut(i + 1, false)
        break
      case 0xff1f: // ？
      case 0x3f:
        if (!isQuestionMark(text.charCodeAt(i + 1)) && !isClosing(text.charCodeAt(i + 1))) cut(i + 1, false)
        break
      case 0x2e: // .
      case 0xff0e:
        if (isFullStop(text, i)) cut(i + 1, false)
        break
      default:
        if (isDigit(unit) && i > start && startsItem(text, i)) cut(i, false)
    }
  }
  if (start < text.length) sentences.push({ start, end: text.length, heading })
  return sentences
}

function headingAt(text: string, index: number, inherited: Heading): Heading {
  if (!hasColon(text, index)) return inherited
  for (const [pattern, over] of [
    [REQUEST, 'request'],
    [FAMILY, 'family'],
    [HISTORY, 'history'],
    [BODY, 'nothing'],
  ] as const) {
    pattern.lastIndex = index
    const words = pattern.exec(text)?.[0]
    if (words !== undefined)
      return over === 'nothing' ? NO_HEADING : { over, words: words.trim().replace(/[ \t\u3000]*[:：]$/, '') }
  }
  return inherited
}

/** A heading ends in a colon, no further on than this: most sentences are known at once to have none. */
const LONGEST_HEADING = 60

function hasColon(text: string, index: number): boolean {
  const end = Math.min(text.length, index + LONGEST_HEADING)
  for (let i = index; i < end; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x3a || unit === 0xff1a) return true
    if (unit === 0x3002 || unit === 0xff0c || unit === 0x0a) return false
  }
  return false
}

function isQuestionMark(unit: number): boolean {
  return unit === 0x3f || unit === 0xff1f
}

/** A closing bracket after a question mark belongs to it: 肺栓塞(?). */
function isClosing(unit: number): boolean {
  return unit === 0x29 || unit === 0xff09
}

/** An English sentence broken by the line length: a lower-case letter or comma before, a lower-case letter after. */
function runsOn(text: string, lineEnd: number): boolean {
  let before = lineEnd - 1
  while (before >= 0 && lineEnd - before < 40 && isSpace(text.charCodeAt(before))) before--
  let after = lineEnd + 1
  while (after < text.length && after - lineEnd < 40 && isSpace(text.charCodeAt(after))) after++
  const last = text.charCodeAt(before)
  const next = text.charCodeAt(after)
  const isBlankLine =
    text
      .slice(before + 1, after)
      .replace(/\r\n/g, '\n')
      .split('\n').length > 2
  return !isBlankLine && ((last >= 0x61 && last <= 0x7a) || last === 0x2c) && next >= 0x61 && next <= 0x7a
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d
}

const ABBREVIATION = /(?:^|[^a-z])(?:dr|mr|mrs|ms|vs|e\.g|i\.e|approx|ca|cf|no|fig|resp|etc|min|max|ave|st)$/i

/** A single letter, its full stop, and a small letter: E. coli, p.o. intake. */
const INITIAL = /(?:^|[^A-Za-z])[A-Za-z]\.\s[a-z]$/

function isFullStop(text: string, i: number): boolean {
  const before = text.charCodeAt(i - 1)
  const after = text.charCodeAt(i + 1)
  if (isDigit(before) || (before >= 0xff10 && before <= 0xff19)) {
    // 5.5 cm, and the number of a list item; but "... of 12 mm. No" and "层厚5. 未见" end a sentence
    if (!isSpace(after)) return false
    return !/(?:^|[\s。；;,，])\d{1,2}$/.test(text.slice(Math.max(0, i - 4), i))
  }
  if (before >= 0x4e00 && before <= 0x9fff) return true
  if (!(Number.isNaN(after) || isSpace(after) || (after >= 0x4e00 && after <= 0x9fff))) return false
  if (INITIAL.test(text.slice(Math.max(0, i - 2), i + 3))) return false
  return !ABBREVIATION.test(text.slice(Math.max(0, i - 8), i))
}

/** 1. 2、 3) before a word: a numbered item begins. "3、4肋" and "T12、L1" are none. */
function startsItem(text: string, i: number): boolean {
  const before = text.charCodeAt(i - 1)
  const item = /^\d{1,2}([.、)．）])\s?(?=[^\d\s.,、。，])/.exec(text.slice(i, i + 6))
  if (item === null || isDigit(before)) return false
  if (isSpace(before) || before === 0x3000 || before === 0xff0c || before === 0x2c) return true
  return item[1] !== '、' && before >= 0x4e00 && before <= 0x9fff
}
