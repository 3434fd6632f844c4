/** Longest excerpt that goes with an alert, in UTF-16 units on each side of the keyword; enough for a sentence. */
const reach = 100

/** Where a sentence of a report ends; a full stop counts only before white space, so that "5.5 cm" stays whole. */
const sentenceEnd = /[。！？；;!?\n\r]|\.(?=\s|$)/g

/** The sentence of `text` in which `start` to `end` stands, cut to a readable length around it. */
export function excerptAround(text: string, start: number, end: number): string {
  return sentenceAround(text, start, end).excerpt
}

/** The same, with where the words stand in it (UTF-16, end exclusive). */
export function sentenceAround(
  text: string,
  start: number,
  end: number,
): { excerpt: string; start: number; end: number } {
  let from = 0
  let to = text.length
  for (const { index } of text.matchAll(sentenceEnd)) {
    if (index < start) from = index + 1
    else if (index >= end) {
      to = index + 1
      break
    }
  }
  from = Math.max(from, start - reach)
  const cut = text.slice(from, Math.min(to, end + reach))
  // A cut must not leave half a character at its ends.
  const whole = cut.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
  const excerpt = whole.trim()
  const shift = from + cut.indexOf(excerpt)
  return { excerpt, start: start - shift, end: end - shift }
}
