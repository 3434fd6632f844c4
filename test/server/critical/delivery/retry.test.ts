import { describe, expect, it } from 'vitest'
import { retryDelay } from '../../../../src/server/critical/delivery/retry.ts'

const policy = { retrySeconds: 5, retryMaximumSeconds: 300 }
const least = (length: number) => new Uint8Array(length)
const most = (length: number) => new Uint8Array(length).fill(255)

describe('retry delay', () => {
  it('doubles up to the maximum, with half of it at random', () => {
    expect([1, 2, 3, 7, 50, 5000].map((attempt) => retryDelay(attempt, policy, least))).toEqual([
      2500, 5000, 10_000, 150_000, 150_000, 150_000,
    ])
    expect(retryDelay(1, policy, most)).toBe(5000)
    expect(retryDelay(1000, policy, most)).toBeLessThanOrEqual(300_000)
  })

  it('never goes below the first delay where the maximum is set smaller', () => {
    expect(retryDelay(4, { retrySeconds: 10, retryMaximumSeconds: 1 }, most)).toBe(10_000)
  })
})
