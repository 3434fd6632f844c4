/** A stretch of text that two versions share, or that one of them alone has. */
export interface DiffPart {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Beyond this many comparisons a stretch is shown as replaced rather than looked into. */
const mostCells = 1_000_000

/**
 * What changed between two texts, as one reads it: sentence by sentence first, then word by word (a Chinese character
 * each) within what was replaced. The parts of `same` and `added` joined are `after`, of `same` and `removed` `before`.
 */
export function textDiff(before: string, after: string): DiffPart[] {
  const rough = align(pieces(before, sentence), pieces(after, sentence))
  const fine = rough.flatMap((part, index): DiffPart[] => {
    const next = rough[index + 1]
    if (part.kind === 'removed' && next?.kind === 'added')
      return align(pieces(part.text, word), pieces(next.text, word))
    if (part.kind === 'added' && rough[index - 1]?.kind === 'removed') return []
    return [part]
  })
  return joined(fine)
}

const sentence = /[^。；;\n]*[。；;\n]|[^。；;\n]+/g
const word = /[\p{Script=Latin}\d]+(?:[.,]\d+)*|\s+|[\s\S]/gu

function pieces(text: string, pattern: RegExp): string[] {
  return text.match(pattern) ?? []
}

/** The longest common subsequence of two lists, and what is beside it; a removal goes before what is added in its place. */
function align(before: readonly string[], after: readonly string[]): DiffPart[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  const parts = (kind: DiffPart['kind'], texts: readonly string[]) => texts.map((text) => ({ kind, text }))
  return joined([
    ...parts('same', before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...parts('same', before.slice(before.length - tail)),
  ])
}

function middle(before: readonly string[], after: readonly string[]): DiffPart[] {
  const replaced = (): DiffPart[] => [
    { kind: 'removed', text: before.join('') },
    { kind: 'added', text: after.join('') },
  ]
  if (before.length === 0 || after.length === 0 || before.length * after.length > mostCells) return replaced()
  // lengths[i][j]: the longest common subsequence of what follows i and j.
  const width = after.length + 1
  const lengths = new Uint16Array((before.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const found: DiffPart[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      found.push({ kind: 'same', text: before[i] ?? '' })
      i += 1
      j += 1
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: 'removed', text: before[i] ?? '' })
      i += 1
    } else {
      found.push({ kind: 'added', text: after[j] ?? '' })
      j += 1
    }
  }
  return found
}

/** Neighbours of one kind as one part; between two shared parts the removed before the added. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = []
  let removed = ''
  let added = ''
  const settle = () => {
    if (removed) out.push({ kind: 'removed', text: removed })
    if (added) out.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  for (const { kind, text } of parts) {
    if (text === '') continue
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else {
      settle()
      const last = out.at(-1)
      if (last?.kind === 'same') last.text += text
      else out.push({ kind, text })
    }
  }
  settle()
  return out
}
