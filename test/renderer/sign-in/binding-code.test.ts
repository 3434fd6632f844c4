import { describe, expect, it } from 'vitest'
import { readBindingCode } from '../../../src/renderer/sign-in/binding-code.ts'

describe('a binding code as a person writes it', () => {
  const code = '0123456789ABCDEFGHJK'
  it.each([
    code,
    code.toLowerCase(),
    '0123-4567 89ab–cdef\tghjk',
    ' 0123 4567 89AB CDEF GHJK\n',
    'O1Z3456789ABCDEFGHJK'.replace('Z', '2'),
    'oI23456789abcdefghjk',
    'oL23456789abcdefghjk',
    '０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫ',
  ])('%s', (typed) => {
    expect(readBindingCode(typed)).toBe(code)
  })

  it.each(['', 'abc', `${code}U`, `${code}!`, '1'.repeat(33)])('is not %s', (typed) => {
    expect(readBindingCode(typed)).toBeNull()
  })
})
