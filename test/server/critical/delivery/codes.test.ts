import { describe, expect, it } from 'vitest'
import { codeMapping } from '../../../../src/server/critical/delivery/codes.ts'
import { standardCodes } from '../../../../src/server/critical/delivery/hl7/code-tables.ts'

describe('code mapping', () => {
  it('looks in the target’s table, then under its *, then in the form’s, and leaves the rest as it is', () => {
    const code = codeMapping(
      { sex: { M: '1', F: '2' }, department: { 呼吸内科: '0301', '*': '9999' }, side: { '': 'N' } },
      standardCodes,
    )
    expect(['M', 'F', 'O', '', 'X'].map((value) => code('sex', value))).toEqual(['1', '2', 'O', 'U', 'U'])
    expect(['呼吸内科', '骨科', ''].map((value) => code('department', value))).toEqual(['0301', '9999', ''])
    expect(['', 'left'].map((value) => code('side', value))).toEqual(['N', 'left'])
    expect(['CT', 'MG', ''].map((value) => code('section', value))).toEqual(['CT', 'RAD', 'RAD'])
    expect(code('type', 'constructor')).toBe('constructor')
    expect(code('sex', '__proto__')).toBe('U')
  })
})
