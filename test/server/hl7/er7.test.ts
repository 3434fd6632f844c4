import { describe, expect, it } from 'vitest'
import { escapeText, header, message, repeat, segment, timestamp } from '../../../src/server/hl7/er7.ts'

describe('ER7', () => {
  it('escapes every delimiter and line break, and lets no control character through', () => {
    expect(escapeText('a|b^c~d\\e&f')).toBe('a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f')
    expect(escapeText('一\r\n二\n三\r四')).toBe('一\\.br\\二\\.br\\三\\.br\\四')
    expect(escapeText('x\u000by\u001cz\u0000')).toBe('x y z ')
  })

  it('writes fields, components, sub-components and repetitions, and drops what is empty at the end', () => {
    expect(segment('PID', ['1', '', ['id', '', '', 'HIS'], repeat(['张', ''], ['Zhang', 'Wei']), ''])).toBe(
      'PID|1||id^^^HIS|张~Zhang^Wei',
    )
    expect(segment('OBR', [[['7', 'Dr'], 'x']])).toBe('OBR|7&Dr^x')
    expect(header(['A', '', 'B'])).toBe('MSH|^~\\&|A||B')
    expect(message(['MSH', 'PID'])).toBe('MSH\rPID\r')
  })

  it('gives times with their zone', () => {
    const at = Date.UTC(2026, 10, 22, 15, 4, 5)
    expect(timestamp(at, 480)).toBe('20261122230405+0800')
    expect(timestamp(at, -210)).toBe('20261122113405-0330')
  })
})
