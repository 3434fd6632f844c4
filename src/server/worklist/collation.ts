/** The order of texts as a Chinese reader expects it (zh-CN: by pinyin; numbers by their value), as numbers to compare. */
export interface Collation {
  /** Between the ranks of the texts before and after it. */
  rankOf(text: string): number
  /** Takes in many at once, which costs less than one by one. */
  add(texts: Iterable<string>): void
  /** Another whenever ranks that were given out count no more. */
  readonly generation: number
}

/** A text that sorts between two others gets the number between theirs, until there is none left: then all get new ones. */
export function createCollation(): Collation {
  const { compare } = new Intl.Collator('zh-CN', { numeric: true })
  let texts: string[] = []
  const ranks = new Map<string, number>()
  let generation = 0

  function renumber(): void {
    generation += 1
    texts.forEach((text, at) => {
      ranks.set(text, at + 1)
    })
  }

  function insert(text: string): number {
    let [low, high] = [0, texts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(texts[middle]!, text) < 0) low = middle + 1
      else high = middle
    }
    const before = low > 0 ? ranks.get(texts[low - 1]!)! : 0
    const after = low < texts.length ? ranks.get(texts[low]!)! : before + 2
    const rank = (before + after) / 2
    texts.splice(low, 0, text)
    ranks.set(text, rank)
    if (rank <= before || rank >= after) renumber()
    return ranks.get(text)!
  }

  return {
    rankOf: (text) => ranks.get(text) ?? insert(text),
    add(given) {
      const fresh = [...new Set(given)].filter((text) => !ranks.has(text))
      if (fresh.length < 100) {
        for (const text of fresh) insert(text)
        return
      }
      texts = [...texts, ...fresh].sort(compare)
      renumber()
    },
    get generation() {
      return generation
    },
  }
}
