import type { Cue, CueKind, Evidence } from './cue.ts'
import { CHINESE_FILLER } from './cues-zh.ts'
import { hasChinese, REACH, type Reading, type Span } from './reading.ts'

const LIST_JOINT =
  /^(?:、|及|和|与|或|并|伴|伴有|合并|以及|\/|,)?(?:左|右|双|两|侧|急性|少量|大量|局部|的)*$/u
const JOINT = /[、及和与伴并或]/u
/** More items of the list that the finding stands in; one with a side or a subject of its own begins another statement. */
const MORE_ITEMS = /^(?:[、及和与][^,、;:()及和与左右双两余周邻旁伴见示]{2,12})+$/u
const NOTHING_MORE =
  /^(?:的)?(?:性|大|小|诊断|征象|明确|明显|确切|显示|证据|依据|存在|异常|改变|表现|者|等|[ .。!?;,:()~-])*$/u
const CLOSES = /^(?:性|大|小|的?诊断)*(?:$|[、及和与伴并或?)(,:;。])/u
const MEASUREMENT = /\d/u
/** 多发脑梗死，部分陈旧: of the rest it says nothing. */
const PART = /部分|其中|个别/u
/** More cues than any clause of a report holds on one side of a finding. */
const CUES_EACH_SIDE = 6
/** A side or a place that begins another statement where the comma before it was left out: 未见骨折左侧气胸. */
const NEW_PLACE =
  /[折血液块肿出气塞死变影灶象征常物石癌瘤裂伤大宽厚张示见留塌炎](?:[、](?=(?:左|右|双|两)))?(?:左|右|双|两)(?:侧|肺|胸|肾|额|颞|顶|枕|上|下|中|基底|附件|大脑|小脑)/u
/** What was found by an examination then may be there still: 曾于外院行CT示主动脉夹层. */
const EXAMINED =
  /(?:ct|mri?|cta|dsa|超声|b超|彩超|造影|胸片|x线|dr|片|检查|体检|查体|外院)[^,;:]{0,6}(?:示|发现|提示|见|诊断|诊为)?/u
/** An item of a list that is a whole sentence: 未见栓塞、右下肺静脉显影可、双侧胸腔积液. */
const PREDICATE =
  /(?:可|良好|正常|通畅|清晰|居中|完整|光滑|对称|尚可|规则|均匀|存在|增大|增多|增宽|增粗|增厚|受压|变窄|模糊|紊乱|稍大|饱满)[、]/u
/** 无移位的骨折, 不伴气胸的积液: what is absent describes what is there. */
const DESCRIBED = /^[^、,及和或]{1,6}的$/u
/** Normal things whose absence is itself abnormal: 未见血流信号，睾丸扭转. */
const NORMAL_THING =
  /^(?:明显|确切|正常|彩色|动脉|静脉|宫内|典型)*(?:血流|强化|孕囊|妊娠囊|肺纹理|显影|充盈|胎心|蠕动|灌注)(?![及和或、与])[^及和或、与]{3,}/u
/** 未见移位性骨折, 未见血栓伴肺栓塞: what is absent may be the displacement alone, or what stands before 伴. */
const ACCOMPANIED = /[^及和或、与并未不](?:伴有?|合并|并发)|(?:移位|错位|成角)性?的?$/u
/** What a negated finding may still be: 未见肺栓塞，亚段以下不除外. */
const HIDDEN =
  /但|然|不过|仍|尚|依然|远端|外周|亚?段|各?级|以下|以远|细?小分支|分支|末梢|隐匿性?|隐性|早期|超急性期?|迟发性?|微小|细微|轻微|极?少量|局部|部分|者/gu
/** Kinds that speak of the preceding clause when a clause holds nothing else: 左侧气胸，较前吸收. */
const ANAPHORIC: readonly CueKind[] = ['hedge', 'purpose', 'improved', 'worse', 'stable', 'history']

/**
 * The cues that govern a finding in a Chinese sentence. A clause ends at ，；：（ and the like; within it a negation or a doubt reaches
 * over a list (、及和或) up to a word that begins a new statement (但, 可见); a clause that holds only a cue speaks of the one before.
 */
export function chineseEvidence(reading: Reading, hit: Span): Evidence[] {
  const clause = reading.clauseAt(hit.start)
  const whole = reading.clauses[clause]
  if (whole === undefined) return []
  const here = { start: Math.max(whole.start, hit.start - REACH), end: Math.min(whole.end, hit.end + REACH) }
  const tail = listTail(reading, hit, here.end)
  const found: Evidence[] = []
  for (const cue of nearestCues(reading, hit, here)) {
    if (cue.end <= hit.start) {
      if (!reachesForward(reading, cue, hit, here.end)) continue
      // a scope in doubt leaves the finding possible
      const kind = isDoubtful(reading, cue, hit, here.end) ? 'hedge' : cue.kind
      found.push({ cue: { ...cue, kind }, side: 'before', apart: false })
    } else if (cue.start >= hit.end) {
      if (reachesBack(reading, cue, Math.min(tail, cue.start), here.end))
        found.push({ cue, side: 'after', apart: false })
    } else if (cue.start < hit.start) {
      found.push(...overlapping(reading, cue, hit))
    }
  }
  if (here.end === whole.end && reading.hitsWithin(tail, here.end).length === 0)
    found.push(...apart(reading, clause, lastNoun(reading.text.slice(hit.start, tail))))
  return found
}

/** The cues next to the finding on either side: no text of nothing but cues costs more than a few per finding. */
function nearestCues(reading: Reading, hit: Span, here: Span): Cue[] {
  const cues = reading.cuesWithin(here.start, here.end)
  const next = cues.findIndex((cue) => cue.end > hit.start)
  const middle = next < 0 ? cues.length : next
  return cues.slice(Math.max(0, middle - CUES_EACH_SIDE), middle + CUES_EACH_SIDE)
}

/** The end of the list that the finding begins or continues: 脑出血、蛛网膜下腔出血 share what follows. */
function listTail(reading: Reading, hit: Span, end: number): number {
  let tail = hit.end
  for (const next of reading.hitsWithin(hit.start, end)) {
    if (next.start >= tail && !LIST_JOINT.test(reading.text.slice(tail, next.start))) break
    tail = Math.max(tail, next.end)
  }
  return tail
}

/** True where a cue that would close the finding may well speak of something else. */
function isDoubtful(reading: Reading, cue: Cue, hit: Span, clauseEnd: number): boolean {
  const between = reading.text.slice(cue.end, hit.start)
  if (cue.kind === 'history') return EXAMINED.test(between)
  if (cue.kind !== 'negation') return false
  return (
    NEW_PLACE.test(between) ||
    PREDICATE.test(between) ||
    NORMAL_THING.test(between) ||
    ACCOMPANIED.test(between) ||
    (/^(?:并|均)?(?:无|不伴|未伴)(?:明显)?$/u.test(cue.text) && DESCRIBED.test(between)) ||
    (/^除/u.test(between) && /外/u.test(reading.text.slice(hit.end, clauseEnd)))
  )
}

function reachesForward(reading: Reading, cue: Cue, hit: Span, clauseEnd: number): boolean {
  const between = reading.text.slice(cue.end, hit.start)
  if (cue.kind === 'pseudo' || cue.reach === 'before') return false
  if (reading.stopsBetween(cue.end, hit.start)) return false
  if (cue.reach === 'next') return between === ''
  if (cue.text.startsWith('或')) return between.length <= 6
  if (cue.reach === 'phrase') return between.length <= 14 && !JOINT.test(between)
  if (cue.kind === 'improved' || cue.kind === 'worse') {
    return (
      between.length <= 10 &&
      !JOINT.test(between) &&
      (cue.kind === 'worse' || /^(?:的|之|期|性|中的)/u.test(between) || /期$/u.test(cue.text))
    )
  }
  if (cue.reach === 'either' && closes(reading, cue, clauseEnd) && !startsClause(reading, cue)) return false
  return true
}

function reachesBack(reading: Reading, cue: Cue, from: number, clauseEnd: number): boolean {
  const between = reading.text.slice(from, cue.start)
  if (reading.stopsBetween(from, cue.start) && cue.kind !== 'stable' && cue.kind !== 'worse') return false
  const rest = reading.text.slice(cue.end, clauseEnd)
  switch (cue.kind) {
    case 'negation':
      if (cue.reach === 'before') return isFiller(between) || isList(between)
      return cue.reach === 'after' && NOTHING_MORE.test(rest) && (isFiller(between) || isList(between))
    case 'hedge':
      if (cue.text.startsWith('或')) return between === ''
      if (cue.reach === 'after') return NOTHING_MORE.test(rest) && isFiller(between)
      return cue.reach === 'before' || closes(reading, cue, clauseEnd)
    case 'purpose':
      return closes(reading, cue, clauseEnd)
    case 'improved':
    case 'worse':
    case 'stable':
      return isFiller(between) || isList(between)
    case 'family':
      return cue.text.endsWith('史') && between.length <= 14
    case 'history':
      if (cue.reach === 'next') return between === ''
      if (cue.reach === 'phrase') return between === '' && NOTHING_MORE.test(rest)
      if (/复发|再发|残/u.test(cue.text)) return isFiller(between)
      return cue.reach === 'before' && between.length <= 14 && !JOINT.test(between)
    default:
      return false
  }
}

/** Nothing here could be the subject of a change, or the object of a negation. */
function isFiller(text: string): boolean {
  return text.replace(CHINESE_FILLER, '') === ''
}

/** The finding shares what is said at the end of its list: 出血、占位均未见. */
function isList(text: string): boolean {
  return MORE_ITEMS.test(text)
}

/** What follows the cue in its clause is nothing to which it could apply. */
function closes(reading: Reading, cue: Cue, clauseEnd: number): boolean {
  return CLOSES.test(reading.text.slice(cue.end, clauseEnd))
}

function startsClause(reading: Reading, cue: Cue): boolean {
  return reading.clauses[reading.clauseAt(cue.start)]?.start === cue.start
}

/**
 * A cue that begins before the finding and runs into it or past it. 较前片脑出血吸收: the comparison encloses the finding (of
 * 较前片脑出血周围水肿吸收 it is the oedema that was resorbed). 无强化 with the term 强化: the rest of the cue negates the term.
 */
function overlapping(reading: Reading, cue: Cue, hit: Span): Evidence[] {
  const rest: Cue = { ...cue, end: hit.start, text: reading.text.slice(cue.start, hit.start) }
  switch (cue.kind) {
    case 'pseudo':
    case 'history':
    case 'stable':
      if (/[无未没非]/u.test(rest.text))
        return [{ cue: { ...rest, kind: 'negation' }, side: 'before', apart: false }]
      return cue.kind === 'stable' ? [{ cue, side: 'after', apart: false }] : []
    case 'improved':
      if (cue.end <= hit.end || !isFiller(reading.text.slice(hit.end, cue.end - 2))) return []
      return [{ cue, side: 'after', apart: false }]
    case 'worse':
      return cue.end <= hit.end ? [] : [{ cue, side: 'after', apart: false }]
    case 'purpose':
      return [{ cue, side: 'before', apart: false }]
    default:
      return cue.reach === 'before' ? [] : [{ cue: rest, side: 'before', apart: false }]
  }
}

/** The head of a Chinese term, under which the next clause may take it up: 大量胸腔积液，积液较前减少. */
function lastNoun(term: string): string {
  const noun = term.slice(-2)
  return noun.length === 2 && hasChinese(noun) ? noun : ''
}

/** Cues of the following clauses that hold nothing but a cue; clauses with a measurement may stand between. */
function apart(reading: Reading, clause: number, noun: string): Evidence[] {
  const found: Evidence[] = []
  for (let i = clause + 1; i <= clause + 4; i++) {
    const next = reading.clauses[i]
    if (
      next === undefined ||
      next.end - next.start > REACH ||
      reading.hitsWithin(next.start, next.end).length > 0
    )
      break
    const cues = reading.cuesWithin(next.start, next.end).filter((cue) => cue.kind !== 'pseudo')
    let remainder = reading.text.slice(next.start, next.end)
    for (const cue of cues) remainder = remainder.replace(cue.text, '')
    if (noun !== '') remainder = remainder.replaceAll(noun, '')
    const hidden = cues.some((cue) => cue.kind === 'hedge') ? remainder.replace(HIDDEN, '') : remainder
    if (!isFiller(hidden) && !NOTHING_MORE.test(hidden)) break
    for (const cue of cues) {
      if (
        (ANAPHORIC.includes(cue.kind) &&
          (cue.kind !== 'history' || (cue.reach === 'phrase' && !PART.test(remainder)))) ||
        (cue.kind === 'negation' && negatesApart(reading, cue, next.start))
      ) {
        found.push({ cue, side: 'after', apart: true })
      }
    }
    if (cues.length === 0 && !MEASUREMENT.test(remainder) && remainder.trim() !== '') break
  }
  return found
}

/** 肺栓塞：未见; 气胸（-）; 肺栓塞，已排除. After a comma a bare 未见 has lost its subject and negates nothing. */
function negatesApart(reading: Reading, cue: Cue, clauseStart: number): boolean {
  return (
    /[:(]$/u.test(reading.text.slice(0, clauseStart)) ||
    /排除|除外|否定/u.test(cue.text) ||
    cue.reach === 'before'
  )
}
