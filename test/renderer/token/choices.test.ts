import { describe, expect, it } from 'vitest'
import { choiceArguments, choicesOf, neighbour, standingChoice } from '../../../src/renderer/token/choices.ts'
import { commonName } from '../../../src/renderer/token/common-name.ts'
import type { Token } from '../../../src/shared/ipc/index.ts'
import { tokens } from '../window/facts.ts'

const good = tokens(0)[0]!
const certificate = good.certificates[0]!
const expired: Token = {
  ...good,
  id: 'expired',
  certificates: [{ ...certificate, unfit: 'expired' }],
}
const file: Token = { id: 'file', kind: 'pkcs12', label: 'li.p12', certificates: [], pin: 'ok' }

describe('choosing a token', () => {
  it('offers each certificate, and a PKCS#12 file as a whole', () => {
    const two = { ...good, certificates: [certificate, { ...certificate, id: '02' }] }
    const choices = choicesOf([two, file])
    expect(choices.map(choiceArguments)).toEqual([
      { tokenId: 'slot-0', certificateId: '01' },
      { tokenId: 'slot-0', certificateId: '02' },
      { tokenId: 'file' },
    ])
    expect(choices.every(({ barred }) => barred === null)).toBe(true)
  })

  it('bars what cannot sign, and says why', () => {
    const bars = choicesOf([expired, { ...good, pin: 'locked' }, { ...file, kind: 'pkcs11' }])
    expect(bars.map(({ barred }) => barred)).toEqual(['expired', 'locked', 'empty'])
    expect(standingChoice(bars, bars[0]!.key)).toBeNull()
  })

  it('keeps the pick while it is usable and falls back to the first usable', () => {
    const choices = choicesOf([expired, good, file])
    expect(standingChoice(choices, null)?.token.id).toBe('slot-0')
    expect(standingChoice(choices, 'file')?.token.id).toBe('file')
    expect(standingChoice(choicesOf([good]), 'file')?.token.id).toBe('slot-0')
  })

  it('prefers the token that was used last, but not over a pick', () => {
    const choices = choicesOf([good, file])
    expect(standingChoice(choices, null, 'file')?.token.id).toBe('file')
    expect(standingChoice(choices, choices[0]!.key, 'file')?.token.id).toBe('slot-0')
    expect(standingChoice(choices, null, 'gone')?.token.id).toBe('slot-0')
  })

  it('goes up and down over what can be used and stops at the ends', () => {
    const choices = choicesOf([good, expired, file])
    const [first, , last] = choices
    expect(neighbour(choices, first!, 1)).toBe(last)
    expect(neighbour(choices, last!, 1)).toBe(last)
    expect(neighbour(choices, last!, -1)).toBe(first)
    expect(neighbour([], null, 1)).toBeNull()
  })

  it('names the owner of a certificate', () => {
    expect(commonName('CN=李明华, OU=放射科')).toBe('李明华')
    expect(commonName('C=CN,O=医院,CN=Li Minghua')).toBe('Li Minghua')
    expect(commonName('O=医院')).toBe('O=医院')
  })
})
