import { randomBytes } from 'node:crypto'
import { split } from 'shamir-secret-sharing'
import { describe, expect, it } from 'vitest'
import { printShare, readShare } from '../../../src/server/keys/paper-share.ts'
import { recover } from '../../../src/server/keys/recover.ts'
import { masterFingerprint } from '../../../src/server/protection/index.ts'

const key = Buffer.from(randomBytes(32))
async function papers(of = key, shares = 5, threshold = 3) {
  const fingerprint = masterFingerprint(of)
  const parts = await split(new Uint8Array(of), shares, threshold)
  return parts.map((bytes, index) =>
    printShare({ number: index + 1, threshold, fingerprint, bytes: Buffer.from(bytes) }),
  )
}
const typed = (...shares: string[][]) => shares.flat().join('\n')

describe('a master key on paper', () => {
  it('comes back from any three of five, typed in any way that means the same', async () => {
    const all = await papers()
    for (const [a, b, c] of [
      [0, 1, 2],
      [4, 2, 0],
      [1, 3, 4],
    ] as const) {
      const { key: found } = await recover(typed(all[a]!, all[b]!, all[c]!))
      expect(found).toEqual(key)
    }
    const careless = typed(all[0]!, all[1]!, all[2]!)
      .toLowerCase()
      .replace(/0/g, 'o')
      .replace(/^(\w) {2}/gm, '$1 ')
    expect((await recover(`Vigil master key, share 1\n\n${careless.replace(/^o /gm, '0 ')}`)).key).toEqual(
      key,
    )
  })

  it('does not come back from two', async () => {
    const [a, b] = await papers()
    await expect(recover(typed(a!, b!))).rejects.toThrow('2 of the 3 shares that are needed')
    await expect(recover(typed(a!, b!, a!))).rejects.toThrow('2 of the 3 shares that are needed')
    await expect(recover('')).rejects.toThrow('no share was typed')
  })

  it('names the share and line of every single mistyped character', async () => {
    const [a, b, c] = await papers()
    const lines = [...b!]
    let told = 0
    let tried = 0
    for (const [index, line] of lines.entries())
      for (let at = 3; at < line.length; at += 1) {
        if (line[at] === ' ') continue
        const wrong = line[at] === '7' ? '8' : '7'
        const mistyped = lines.with(index, `${line.slice(0, at)}${wrong}${line.slice(at + 1)}`)
        tried += 1
        await recover(typed(a!, mistyped, c!)).catch((error: Error) => {
          if (error.message === `share 2 as typed: line ${index + 1} is mistyped`) told += 1
        })
      }
    expect(tried).toBe(5 * 18)
    // Ten bits of check a line: one mistake in a thousand is found by the share's own sum instead, and not named to the line.
    expect(told).toBeGreaterThanOrEqual(tried - 2)
  })

  it('tells lines exchanged, a share of another key, and papers of another split', async () => {
    const [a, b, c] = await papers()
    const [one, two, ...rest] = a!
    await expect(
      recover(typed([one!.replace(/^1/, '2'), two!.replace(/^2/, '1'), ...rest].sort(), b!, c!)),
    ).rejects.toThrow('line 1 is mistyped')
    const other = await papers(Buffer.from(randomBytes(32)))
    await expect(recover(typed(a!, b!, other[2]!))).rejects.toThrow('share 3 is of another key')
    const again = await papers()
    await expect(recover(typed(a!, b!, again[2]!))).rejects.toThrow('not of one split')
    expect(() => readShare(a!.slice(1))).toThrow('a share has 5 lines')
  })
})
