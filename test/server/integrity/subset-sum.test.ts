import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { subsetOf } from '../../../src/server/integrity/subset-sum.ts'

const hashes = (many: number) => Array.from({ length: many }, () => randomBytes(32))
const sumOf = (terms: readonly Buffer[]) =>
  terms.reduce((sum, term) => Buffer.from(sum.map((byte, at) => byte ^ (term[at] ?? 0))), Buffer.alloc(32))

it('finds which keyed hashes make a sum, however many of them it is', () => {
  const terms = hashes(192)
  for (const chosen of [[], [0], [191], [3, 5, 8, 190], terms.map((_, index) => index)]) {
    const sum = sumOf(chosen.map((index) => terms[index] ?? Buffer.alloc(32)))
    expect(subsetOf(terms, sum)).toEqual(chosen)
  }
})

it('says of no other sum that it is made of them, nor of more than can be told apart', () => {
  const terms = hashes(192)
  for (const sum of hashes(20)) expect(subsetOf(terms, sum)).toBeNull()
  const many = hashes(193)
  expect(subsetOf(many, many[7] ?? Buffer.alloc(32))).toBeNull()
  expect(subsetOf([], Buffer.alloc(32))).toEqual([])
})
