/** A stretch of text between commas and stops. */
export interface Clause {
  start: number
  text: string
}

/** The clauses of a text, in order. A comma within a number does not part one. */
export function clausesOf(text: string): Clause[] {
  return [...text.matchAll(/[^，,。；;！？!?\n]+/g)].map((match) => ({ start: match.index, text: match[0] }))
}

const stop = /[，,。；;！？!?\n]/
const sentenceStop = /[。；;！？!?\n]/

/** The clause around an offset. Looked for from there, since a long text has many offsets to ask for. */
export function clauseAt(text: string, offset: number): string {
  let start = offset
  while (start > 0 && !stop.test(text[start - 1] ?? '')) start -= 1
  let end = offset
  while (end < text.length && !stop.test(text[end] ?? '')) end += 1
  return text.slice(start, end)
}

/** The clause before the one around an offset, of the same sentence: it often names what the next one measures. */
export function clauseBefore(text: string, offset: number): string {
  let start = offset
  while (start > 0 && !stop.test(text[start - 1] ?? '')) start -= 1
  return start < 2 || sentenceStop.test(text[start - 1] ?? '') ? '' : clauseAt(text, start - 2)
}

const denial = /未见|未及|未示|未显示|未发现|未探及|无|否认|排除|正常|清晰|通畅|对称|缺如/
/** Words that look like a denial and are none. */
const notDenial = /不除外|不能除外|不排除|不能排除|待排|无明显变化|未除外|无法/g

/** The clause says that something is not there, or is as it should be. */
export function denies(clause: string): boolean {
  return denial.test(clause.replace(notDenial, ''))
}
