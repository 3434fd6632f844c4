/** So many terms at most: of more, sums of 256 bits would begin to be made by chance. */
const mostTerms = 192

const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

/**
 * Which of some keyed hashes have, XORed together, just this sum: Gaussian elimination over GF(2). Of `mostTerms` hashes of 256 bits
 * the chance that a sum they were not made of is among theirs is 2⁻⁶⁴.
 * @returns their indexes; null where none have, or there are too many to tell.
 */
export function subsetOf(terms: readonly Buffer[], sum: Buffer): number[] | null {
  if (terms.length > mostTerms) return null
  /** Reduced so far, by their highest bit; `of`: which terms each is made of. */
  const basis = new Map<number, { value: bigint; of: bigint }>()
  const reduced = (value: bigint, of: bigint) => {
    while (value !== 0n) {
      const base = basis.get(highestBit(value))
      if (!base) break
      value ^= base.value
      of ^= base.of
    }
    return { value, of }
  }
  for (const [index, term] of terms.entries()) {
    const left = reduced(numberOf(term), 1n << BigInt(index))
    if (left.value !== 0n) basis.set(highestBit(left.value), left)
  }
  const { value, of } = reduced(numberOf(sum), 0n)
  if (value !== 0n) return null
  return terms.map((_, index) => index).filter((index) => ((of >> BigInt(index)) & 1n) === 1n)
}

const highestBit = (value: bigint): number => value.toString(2).length
