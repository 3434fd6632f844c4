import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAlertIds } from '../../../../src/server/critical/alerts/alert-id.ts'

const now = Date.UTC(2026, 10, 22)

describe('alert ids', () => {
  it('have 16 characters of Crockford base32', () => {
    expect(createAlertIds(() => now, randomBytes)()).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
  })

  it('sort by time, within a millisecond, and while the clock goes back', () => {
    const times = [now, now, now, now + 1, now - 5000, now + 2]
    let call = 0
    const newId = createAlertIds(() => times[Math.min(call++, times.length - 1)] ?? now, randomBytes)
    const ids = Array.from({ length: 500 }, newId)
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(500)
  })

  it('go on where an earlier run ended, though the clock was put back meanwhile', () => {
    const before = createAlertIds(() => now, randomBytes)()
    const hourBefore = () => now - 3_600_000
    const newId = createAlertIds(hourBefore, randomBytes, before)
    const ids = [before, newId(), newId()]
    expect(ids).toEqual([...ids].sort())
    expect(createAlertIds(hourBefore, randomBytes)() < before).toBe(true)
  })

  it.each(['', 'no id', 'ZZZZZZZZZZZZZZZZ'])('are of the clock where what is kept (%j) is none', (kept) => {
    const id = createAlertIds(() => now, randomBytes, kept)()
    expect(id.slice(0, 9)).toBe(createAlertIds(() => now, randomBytes)().slice(0, 9))
  })

  it('carry into the next millisecond when the random part is used up', () => {
    const newId = createAlertIds(
      () => now,
      (length) => new Uint8Array(length).fill(0xff),
    )
    const ids = [newId(), newId(), newId()]
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(3)
    expect(ids.every((id) => id.length === 16)).toBe(true)
  })

  it('differ between gateways that make thousands in one millisecond', () => {
    const gateways = Array.from({ length: 20 }, () => createAlertIds(() => now, randomBytes))
    const ids = gateways.flatMap((newId) => Array.from({ length: 20 }, newId))
    expect(new Set(ids).size).toBe(400)
  })

  it('read the time back from the first nine characters', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    const id = createAlertIds(() => now, randomBytes)()
    const at = [...id.slice(0, 9)].reduce((value, character) => value * 32 + alphabet.indexOf(character), 0)
    expect(at).toBe(now)
  })
})
