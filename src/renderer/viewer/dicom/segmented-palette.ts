/**
 * Expands a segmented palette channel (PS3.3 C.7.9.2): discrete segments hold entries, linear ones run to an end value,
 * indirect ones repeat earlier segments. Null where the segments are not well-formed or do not give `count` entries.
 */
export function expandSegments(words: Uint16Array, count: number): Uint16Array | null {
  const out = new Uint16Array(count)
  let filled = 0
  const put = (value: number) => {
    if (filled < count) out[filled] = value
    filled += 1
  }

  /** Expands segments from `at`; gives the position after them, or -1. An indirect segment may not point to another. */
  const expand = (at: number, segments: number, direct: boolean): number => {
    let i = at
    for (let n = 0; n < segments && i + 2 < words.length; n++) {
      const kind = words[i]!
      const length = words[i + 1]!
      if (kind === 0) {
        if (i + 2 + length > words.length) return -1
        for (let k = 0; k < length; k++) put(words[i + 2 + k]!)
        i += 2 + length
      } else if (kind === 1 && filled > 0) {
        const from = out[Math.min(filled, count) - 1]!
        const to = words[i + 2]!
        for (let k = 1; k <= length; k++) put(Math.round(from + ((to - from) * k) / length))
        i += 3
      } else if (kind === 2 && direct) {
        // The offset is in bytes from the start of the table, least significant word first.
        const offset = words[i + 2]! + (words[i + 3] ?? 0) * 65536
        if (expand(offset >> 1, length, false) < 0) return -1
        i += 4
      } else return -1
    }
    return i
  }

  const end = expand(0, Number.POSITIVE_INFINITY, true)
  return end >= 0 && filled >= count ? out : null
}
