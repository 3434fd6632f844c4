import { describe, expect, it } from 'vitest'
import { ProtectedField, scrubbed } from '../../../src/shared/access/index.ts'

const known = { patientName: 'Zhang^Wei=张伟', patientIds: ['P-1001', ''] }
const all = new Set(ProtectedField.options)
const plain = (text: string, hidden: ReadonlySet<ProtectedField> = all) => scrubbed(text, { hidden, known })

describe('a text without the facts that are hidden', () => {
  it.each([
    ['张伟，男，胸痛。', '张*，男，胸痛。'],
    ['ZHANG WEI (Zhang^Wei) zhangwei', 'Z******** (Z********) z*******'],
    ['患者号p-1001复查', '患者号******复查'],
    ['电话13912345678或139 1234 5678、010-5550199', '电话***********或*************、***********'],
    ['身份证11010119600102123X。', '身份证******************。'],
    ['病灶约13×12 mm，CT值 -1000 HU，2026-11-22 对比', '病灶约13×12 mm，CT值 -1000 HU，2026-11-22 对比'],
    ['影像号 139123456789012 不是电话', '影像号 139123456789012 不是电话'],
  ])('%s', (text, expected) => {
    expect(plain(text)).toBe(expected)
    // What was found in it stands where it stood.
    expect(plain(text)).toHaveLength(text.length)
    expect(plain(text, new Set())).toBe(text)
  })

  it('hides each field by itself', () => {
    const text = '张伟 P-1001 13912345678'
    expect(plain(text, new Set(['phone']))).toBe('张伟 P-1001 ***********')
    expect(plain(text, new Set(['patientName']))).toBe('张* P-1001 13912345678')
  })

  it('takes no single character for a name', () => {
    expect(scrubbed('王氏征阳性', { hidden: all, known: { patientName: '王', patientIds: ['12'] } })).toBe(
      '王氏征阳性',
    )
  })
})
