import { describe, expect, it } from 'vitest'
import {
  allowance,
  type Circuit,
  circuitAfter,
  circuitAt,
  closedCircuit,
  resumed,
} from '../../../../src/server/critical/delivery/breaker.ts'

const policy = { failures: 3, coolDownSeconds: 10 }
const went = (circuit: Circuit, answers: string, now = 0) =>
  [...answers].reduce((state, answer) => circuitAfter(state, answer === '+', now, policy), circuit)

describe('circuit breaker', () => {
  it.each([
    ['', { state: 'closed', failures: 0 }],
    ['--', { state: 'closed', failures: 2 }],
    ['--+', { state: 'closed', failures: 0 }],
    ['--+--', { state: 'closed', failures: 2 }],
    ['---', { state: 'open', until: 10_000 }],
    // What was in flight when it opened.
    ['----', { state: 'open', until: 10_000 }],
    ['---+', { state: 'closed', failures: 0 }],
  ] as const)('after %j', (answers, expected) => {
    expect(went(closedCircuit, answers)).toEqual(expected)
  })

  it('lets one try when it has cooled down, and opens again where nobody answers', () => {
    const open = went(closedCircuit, '---')
    expect(circuitAt(open, 9999, policy)).toBe(open)
    const half = circuitAt(open, 10_000, policy)
    expect(half).toEqual({ state: 'half-open' })
    expect(went(half, '-', 10_000)).toEqual({ state: 'open', until: 20_000 })
    expect(went(half, '+')).toEqual(closedCircuit)
    expect([closedCircuit, open, half].map((circuit) => allowance(circuit, 4))).toEqual([4, 0, 1])
  })

  it('is tried where the clock was put back', () => {
    expect(circuitAt(went(closedCircuit, '---', 90_000), 1000, policy)).toEqual({ state: 'half-open' })
  })

  it('is tried at once where somebody says so', () => {
    expect(resumed(went(closedCircuit, '---'))).toEqual({ state: 'half-open' })
    expect(resumed(closedCircuit)).toBe(closedCircuit)
  })
})
