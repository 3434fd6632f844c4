/** Longest excerpt that goes with an alert, in UTF-16 units on each side of the keyword; enough for a sentence. */
const reach = 100

/** Where a sentence of a report ends; a full stop counts only before white space, so that "5.5 cm" stays whole. */
const sentenceEnd = /[。！？；;!?\n\r]|\.(?=\s|$)/g

/** The sentence of `text` in which `start` to `end` stands, cut to a readable length around it. */
export function excerptAround(text: string, start: number, end: number): string {
  let from = 0
  let to = text.length
  for (const { index } of text.matchAll(sentenceEnd)) {
    if (index < start) from = index + 1
    else if (index >= end) {
      to = index + 1
      break
    }
  }
  return wellFormed(text.slice(Math.max(from, start - reach), Math.min(to, end + reach)))
}

/** A cut must not leave half a character at its ends. */
function wellFormed(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '').trim()
}
