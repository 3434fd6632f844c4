import type { Cue, Evidence } from './cue.ts'
import { REACH, type Reading, type Span } from './reading.ts'

/** A list item that begins like this after a comma is a statement of its own: "no effusion, small left pneumothorax". */
const NEW_ITEM =
  /^ ?(?:and )?(?:an?|the|there|this|these|small|tiny|large|moderate|mild|minimal|trace|severe|extensive|subtle|massive|new|stable|unchanged|left|right|bilateral|multiple|status|positive|persistent|residual|recurrent|acute|has|is|was|he|she|his|her|patient|but|with|also|now|then|probable|possible|likely|suspected|marked|diffuse|focal|scattered|few|several|old|chronic|large|some|mildly|moderately|increased|decreased|normal|lungs?|heart|s\/p|it|that|although|most|findings?|including|yes|both|seen)\b/u
const VERB =
  /\b(?:is|are|was|were|has|have|had|shows?|presents|appears?|seen|noted|reveals?|demonstrates?|includes?|developed|underwent|received|given|treated|started|presented|came|went|be)\b/u
/** Lasting diseases and symptoms: a history of one tells since when it is there, not that it is over. */
const LASTING =
  /(?:disease|syndrome|disorder|diabetes|hypertension|asthma|dementia|sclerosis|pain|ache|nausea|vomiting|diarrhea|fever|cough|dyspnea|breath|weakness|dizziness|swelling|symptom)s?$/u
/** What follows these is no part of the history: "status post fall with hip fracture", "history of cancer, now with effusion". */
const PRESENT = /\b(?:with|now|currently|today|coming|admitted)\b/u
/** A symptom that is better is there still; "improved" of a finding compares images. */
const SYMPTOM =
  /(?:pain|ache|cramp(?:s|ing)|nausea|vomiting|diarrhea|fever|cough|dyspnea|breath|weakness|dizziness|swelling|symptom|discomfort|numbness|tenderness|fatigue)s? ?$/u
/** A participle ends what is negated: "no intrauterine pregnancy identified, ectopic pregnancy". */
const CLOSED = /\b(?:seen|identified|visuali[sz]ed|demonstrated|detected|noted|observed|found|shown) ?$/u
/** A time that reaches to the present: "history of headache for three days". */
const ONGOING =
  /^[^,.;]*\b(?:(?:for|over|during|x|times) (?:the )?(?:past |last |previous )?(?:\d+|an?|one|two|three|four|five|six|several|few|couple of)? ?(?:hours?|hrs?|days?|weeks?|wks?)|since (?:yesterday|this|last|admission)|today|yesterday|currently|ongoing)\b/u
const PREPOSITIONAL =
  /\b(?:of|in|on|at|within|to|from|for|by|near|along|throughout|involving|over|under|into) (?:(?:the|an?|his|her|their|this|these|either|both) )?\w+/gu
/** Another subject, of which a verb after it speaks: "cough, and his chest x-ray was negative". */
const NEW_SUBJECT =
  /\b(?:the|an?|his|her|their|its|this|these|those|he|she|they|it|patient|cultures?|enzymes|x rays?|films?|e[kc]g|cta?|mri|tests?|study|studies|scans?|work ?up|labs?|exam|examination)\b/u
const LIST_WORD = /\b(?:or|nor)\b/u
/** "no rupture of the aneurysm", "no leak from this": what has an article or is known is there. */
const PRESUPPOSED =
  /\b(?!(?:evidence|signs?|findings?|indications?|suggestions?|suspicion|features?|traces?|history|presence|visuali[sz]ation) (?:of|for)\b)[a-z]+ (?:of|from|for|to|with) (?:the|this|that|these|those|his|her|its|their|known|existing)(?: [a-z]+){0,2} ?$/u
/** Normal things whose absence is itself abnormal: "no flow in the left ovary, torsion". */
const NORMAL_THING =
  /^ ?(?:evidence (?:of|for) (?:an? )?)?(?:(?:significant|definite|appreciable|detectable|demonstrable|visible|any|normal|internal|arterial|venous|color|doppler|vascular|bowel|wall|the) ){0,4}(?:flow|enhancement|opacification|vascularity|perfusion|intrauterine|iup|gestational sac|yolk sac|fetal pole|cardiac activity|heartbeat|fetal heart|lung markings?|lung sliding|peristalsis|compressibility|pulses?|visuali[sz]ation|aeration|flow void)\b/u
/** What "not" must be followed by to deny a finding rather than the verb: "did not show", "does not have". */
const DENYING_VERB =
  /^ ?(?:\w+ ){0,2}?(?:ha(?:ve|s|d|ving)|show|reveal|demonstrate|see|seeing|seen|identif(?:y|ied)|appreciate|find|detect|visuali[sz]e|note|notice|observe|report|complain(?:ing)? of|endorse|experienc(?:e|ed|ing)|develop(?:ed|ing)?|exhibit|display|suggest|indicate|support|represent|include|contain|admit to|describe|demonstrating|showing|any|appear|felt|evidence|associated with|accompanied by|find|meet|be |typical|consistent|compatible)\b/u
const PREPOSITION = /\b(?:of|with|for|from|about|to|by|because|despite|given)\b/u
/** After a finding that stands last in a list without "or": more than these makes it a statement of its own. */
const TAIL_OF_LIST =
  /^ ?(?:(?:were |are )?(?:noted|seen|identified|appreciated|present|bilaterally|either|today|at this time|on exam|currently)?) ?(?:$|[,.;:)])/u
/** The finding that was there before is there still. */
const STILL = /\b(?:persist\w*|still|again|remains?|unchanged|stable|redemonstrated|recurr\w+|residual)\b/u
/** A long-standing finding was found then: "found two months ago". */
const FOUND = /\b(?:found|diagnosed|discovered|detected|noted|identified|known|started|began)\b/u
/** "status post fall", "s/p seizure": what happened and was not done is why the patient comes. */
const DONE =
  /(?:ectomy|otomy|ostomy|plasty|scopy|pexy|centesis|repair|graft|bypass|cabg|transplant\w*|resection|evacuation|drainage|removal|replacement|fixation|stent\w*|placement|clipping|coiling|surgery|operation|biopsy|ablation|treatment|therapy|thrombolysis|evar|tevar|embolization|in (?:19|20)\d\d|ago)\b/u
/** What is done against a finding that is there: "status post chest tube placement for pneumothorax". */
const TREATED_FOR =
  /\b(?:placements?|insertion|tubes?|catheter|drains?|anticoagulation|heparin|admission|transfer) for\b/u
const NEW_WITHIN = /\b(?:acute|new|recent|worsening|increasing|developed|today)\b/u
const MEASURED = /^[^.;]{0,40}?\d(?:\.\d+)? ?(?:mm|cm)\b/u

/**
 * The cues that govern a finding in an English sentence. A negation reaches forward over a list to a word that begins a new statement;
 * over a comma only while the items look like a list. Backward cues ("is not seen") reach over the nearest noun phrase.
 */
export function englishEvidence(reading: Reading, hit: Span): Evidence[] {
  const start = Math.max(0, hit.start - REACH)
  const end = Math.min(reading.text.length, hit.end + REACH)
  const found: Evidence[] = []
  for (const cue of reading.cuesWithin(start, hit.start).reverse()) {
    // of several negations the closest that reaches decides
    if (cue.kind === 'negation' && found.some((other) => other.cue.kind === 'negation')) continue
    if (cue.kind !== 'pseudo' && reachesForward(reading, cue, hit)) {
      // a scope in doubt leaves the finding possible
      const kind = isDoubtful(reading, cue, hit) ? 'hedge' : cue.kind
      found.push({ cue: { ...cue, kind }, side: 'before', apart: false })
    }
  }
  found.reverse()
  for (const cue of reading.cuesWithin(hit.end, end)) {
    if (cue.kind !== 'pseudo' && reachesBack(reading, cue, hit))
      found.push({ cue, side: 'after', apart: false })
  }
  const overlapping = reading
    .cuesWithin(Math.max(0, hit.start - 40), hit.end)
    .find((c) => c.start < hit.start && c.end > hit.start)
  if (overlapping?.kind === 'stable') {
    // "denies any change in vision" with the term "change in vision": the negation is of the term itself
    found.push({ cue: { ...overlapping, kind: 'negation', end: hit.start }, side: 'before', apart: false })
  }
  return found
}

/** True where a cue that would close the finding may well speak of something else. */
function isDoubtful(reading: Reading, cue: Cue, hit: Span): boolean {
  const between = reading.text.slice(cue.end, hit.start)
  if (cue.kind === 'history') {
    const happened =
      /^(?:status|s\/p)/u.test(cue.text) && !DONE.test(between + reading.text.slice(hit.start, hit.end + 40))
    return happened || TREATED_FOR.test(between)
  }
  if (cue.kind !== 'negation') return false
  if (PRESUPPOSED.test(between) || NORMAL_THING.test(between)) return true
  if (/^not$|n't$/u.test(cue.text) && !DENYING_VERB.test(between))
    return /,/u.test(between) || PREPOSITION.test(between) || words(between) > 4
  const joined = rest(reading, hit.end)
  if (
    /^ ?(?:known |prior |previous |clear )*(?:history|trauma|comparison|prior)\b[^,]*,/u.test(between) &&
    !LIST_WORD.test(between + joined)
  )
    return true
  if (/\band an? /u.test(between) && !/^ ?an? /u.test(between)) return true
  return (
    /,/u.test(between) &&
    !LIST_WORD.test(between) &&
    !/^[^.;]*\b(?:or|nor|and)\b|^ ?,/u.test(joined) &&
    !TAIL_OF_LIST.test(joined)
  )
}

function reachesForward(reading: Reading, cue: Cue, hit: Span): boolean {
  const between = reading.text.slice(cue.end, hit.start)
  if (cue.reach === 'before') return false
  if (cue.kind === 'stable')
    return !/[,;:]/u.test(between) && words(between) <= 5 && /(?:in|of) ?$/u.test(cue.text)
  if (cue.kind === 'improved' && isBetter(reading, cue, hit)) return false
  if (cue.kind === 'improved' && (/\bbut\b/u.test(between) || STILL.test(between))) return false
  if (cue.kind === 'history' && STILL.test(rest(reading, hit.end).split(',')[0] ?? '')) return false
  if (cue.reach === 'phrase') return !/[,;:]|\b(?:and|or|with)\b/u.test(between) && words(between) <= 3
  if (cue.kind === 'worse') return !/[,;:]|\b(?:and|or|with|of|in|to)\b/u.test(between) && words(between) <= 4
  if (cue.kind === 'conditional') return !/;|\b(?:but|however|otherwise)\b/u.test(between)
  if (reading.stopsBetween(cue.end, hit.start)) return false
  switch (cue.kind) {
    case 'negation':
    case 'purpose':
      return continuesList(reading, cue, between, hit)
    case 'hedge':
      if (cue.reach === 'either' && !/\b(?:of|for)$/u.test(cue.text) && closes(reading, cue)) return false
      return !/[,;:]/u.test(between) || (/\b(?:or|versus|vs)\b/u.test(between) && words(between) <= 8)
    case 'history':
      if (NEW_WITHIN.test(between) || MEASURED.test(rest(reading, hit.end))) return false
      if (PRESENT.test(between) || ONGOING.test(rest(reading, hit.end))) return false
      if (!cue.text.startsWith('past') && LASTING.test(reading.text.slice(hit.start, hit.end))) return false
      return (
        !/[,;:]/u.test(between) ||
        (/,/u.test(between) && listOfNouns(between) && /\band\b|\bor\b/u.test(rest(reading, cue.end)))
      )
    case 'family':
      return !/[;:]/u.test(between)
    default:
      return true
  }
}

/** A negation that has passed a comma still holds for items of a list that ends in "or", or whose items are bare nouns. */
function continuesList(reading: Reading, cue: Cue, between: string, hit: Span): boolean {
  const items = between.split(',')
  if (items.length === 1) return true
  if (CLOSED.test(items[0] ?? '')) return false
  if (/^(?:absence|lack)/u.test(cue.text) && !LIST_WORD.test(between)) return false
  const following = items.slice(1)
  const last = following[following.length - 1] ?? ''
  const item = last + reading.text.slice(hit.start, hit.end)
  const itemStarts = [...following.slice(0, -1), item]
  if (itemStarts.some((part) => NEW_ITEM.test(part))) return false
  if (following.some((part) => VERB.test(part))) return false
  if (LIST_WORD.test(between) || LIST_WORD.test(rest(reading, hit.end))) return true
  return following.every((part) => words(part) <= 5)
}

function reachesBack(reading: Reading, cue: Cue, hit: Span): boolean {
  const between = reading.text.slice(hit.end, cue.start)
  if (/^(?:versus|vs)$/u.test(cue.text)) return words(between) <= 2
  if (cue.reach === 'after' || cue.reach === 'next' || cue.reach === 'phrase') return false
  if (cue.kind === 'negation' && /^ ?: ?$/u.test(between)) return true
  if (reading.stopsBetween(hit.end, cue.start)) return false
  if (cue.kind === 'improved' && isBetter(reading, cue, hit)) return false
  switch (cue.kind) {
    case 'negation':
    case 'purpose':
      return (
        words(between) <= 14 &&
        !NEW_SUBJECT.test(between.replace(PREPOSITIONAL, '')) &&
        !/,(?! (?:or|and)\b)/u.test(between.replace(/, [a-z ]{1,30}(?=, | or | and )/gu, ''))
      )
    case 'hedge':
      if (cue.text.startsWith('?')) return words(between) <= 4
      return words(between) <= 8 && !/,/u.test(between) && closes(reading, cue)
    case 'improved':
    case 'stable':
    case 'worse':
      return (
        words(between) <= 6 &&
        !(
          cue.kind === 'improved' &&
          /^ ?,?(?: \w+){0,2} but (?:still|persist|remain)/u.test(rest(reading, cue.end))
        ) &&
        !/[,]|\b(?:with|of the|adjacent|surrounding)\b/u.test(between) &&
        (cue.kind !== 'worse' || closes(reading, cue) || /\bin\b/u.test(rest(reading, cue.end).slice(0, 4)))
      )
    case 'history':
      return words(between) <= 6 && !/,/u.test(between) && !wasFound(reading, cue, hit)
    default:
      return false
  }
}

/** A symptom that is less, and not gone. */
function isBetter(reading: Reading, cue: Cue, hit: Span): boolean {
  return (
    SYMPTOM.test(reading.text.slice(hit.start, hit.end)) &&
    !/resol|disappear|subsid|clear|longer/u.test(cue.text)
  )
}

/** "found 2 months ago", "diagnosed with lung cancer three months ago": since when it is there, not that it is over. */
function wasFound(reading: Reading, cue: Cue, hit: Span): boolean {
  return (
    /ago$/u.test(cue.text) &&
    (FOUND.test(reading.text.slice(Math.max(0, hit.start - 40), cue.start)) ||
      STILL.test(rest(reading, cue.end)))
  )
}

function closes(reading: Reading, cue: Cue): boolean {
  return /^ ?(?:$|[.,;:?)(]|and\b|or\b|given\b|due\b|in\b|on\b|by\b|at\b|with\b|from\b|since\b|compared\b)/u.test(
    rest(reading, cue.end),
  )
}

function rest(reading: Reading, from: number): string {
  const text = reading.text.slice(from, from + REACH)
  const end = text.search(/[;]/u)
  return end < 0 ? text : text.slice(0, end)
}

function listOfNouns(text: string): boolean {
  return (
    !VERB.test(text) &&
    !text
      .split(',')
      .slice(1)
      .some((part) => NEW_ITEM.test(part))
  )
}

function words(text: string): number {
  return text.split(' ').filter((word) => /[a-z0-9]/u.test(word)).length
}
