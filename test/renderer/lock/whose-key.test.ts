import { describe, expect, it } from 'vitest'
import { looksLikeAnothers } from '../../../src/renderer/lock/whose-key.ts'
import { choicesOf } from '../../../src/renderer/token/choices.ts'
import { tokens } from '../window/facts.ts'

const session = { displayName: '李明华', loginName: 'li.ming' }
const [good] = tokens(0)
const keyOf = (subject: string) =>
  choicesOf([{ ...good!, certificates: [{ ...good!.certificates[0]!, subject }] }])[0]!
const file = choicesOf([{ ...good!, id: 'file', kind: 'pkcs12', certificates: [] }])[0]!

describe('whose key it looks like', () => {
  it.each([
    ['CN=李明华, OU=放射科', false],
    ['CN=李明华 110101198001011234', false],
    ['CN=Li.Ming', false],
    ['CN=周启明', true],
  ])('%s', (subject, anothers) => {
    expect(looksLikeAnothers(keyOf(subject), session, '')).toBe(anothers)
  })

  it('does not guess at the key that signed in here, at a file, or at nothing', () => {
    expect(looksLikeAnothers(keyOf('CN=周启明'), session, 'slot-0')).toBe(false)
    expect(looksLikeAnothers(file, session, '')).toBe(false)
    expect(looksLikeAnothers(null, session, '')).toBe(false)
  })
})
