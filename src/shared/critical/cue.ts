/** What a word says of the findings in its reach. `pseudo` looks like another cue and says nothing (无痛, 无明显诱因, "gram negative"). */
export type CueKind =
  | 'negation'
  | 'hedge'
  | 'purpose'
  | 'conditional'
  | 'history'
  | 'family'
  | 'improved'
  | 'worse'
  | 'stable'
  | 'pseudo'

/**
 * Where the findings stand that a cue governs: `after` it, `before` it, on `either` side (不除外: after it, or before it at the end
 * of a clause), in the noun phrase right after it (`phrase`), or immediately `next` to it.
 */
export type CueReach = 'after' | 'before' | 'either' | 'phrase' | 'next'

/** Patterns of one kind and reach; sources of regular expressions over normalised text, without capturing groups. */
export type CueRule = { kind: CueKind; reach: CueReach; patterns: readonly string[] }

/** A cue found in a sentence; offsets of the normalised text. */
export type Cue = { start: number; end: number; kind: CueKind; reach: CueReach; text: string }

/** A cue that governs a finding, from which side, and whether it stands apart in a clause of its own. */
export type Evidence = { cue: Cue; side: 'before' | 'after'; apart: boolean }

/** Finds the cues of a normalised sentence, leftmost first, without overlaps; at one place an earlier rule wins. */
export type CueFinder = (text: string) => Cue[]

/** Compiles rules into one regular expression, so that a sentence is read once. All gaps in rules must be bounded. */
export function compileCues(rules: readonly CueRule[]): CueFinder {
  const pattern = new RegExp(rules.map((rule) => `(${rule.patterns.join('|')})`).join('|'), 'g')
  return (text) => {
    const cues: Cue[] = []
    pattern.lastIndex = 0
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      let group = 1
      while (match[group] === undefined) group++
      const rule = rules[group - 1]
      if (match[0] === '') pattern.lastIndex++
      if (rule === undefined || match[0] === '') continue
      const start = match.index
      cues.push({ start, end: start + match[0].length, kind: rule.kind, reach: rule.reach, text: match[0] })
    }
    return cues
  }
}
