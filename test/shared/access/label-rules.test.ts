import { describe, expect, it } from 'vitest'
import {
  compileRules,
  hiddenFields,
  type LabelledFacts,
  LabelRules,
  maskedPhone,
} from '../../../src/shared/access/index.ts'
import { unveiledOrder, veiledOrder } from '../../../src/shared/order/veil.ts'
import { anOrder } from '../../server/reports/reading-room.ts'

const facts = (given: Partial<LabelledFacts> = {}): LabelledFacts => ({
  patientId: 'P1',
  patientName: '张伟',
  department: '呼吸内科',
  ward: '一病区',
  itemCode: 'CT001+CT002',
  itemName: '胸部CT平扫',
  clinicalInfo: '胸痛',
  ...given,
})
const rule = (given: object) => ({ id: 'r', name: 'r', label: 'sensitive', active: true, ...given })
const compiled = (...rules: object[]) => compileRules(LabelRules.parse({ rules }))

describe('a rule', () => {
  it.each<[string, object, Partial<LabelledFacts>, boolean]>([
    ['a VIP’s id', { kind: 'patient', ids: ['P1'], names: [] }, {}, true],
    ['a VIP’s id, exactly', { kind: 'patient', ids: ['p1', 'P11'], names: [] }, {}, false],
    ['a VIP’s name', { kind: 'patient', ids: [], names: ['张伟'] }, {}, true],
    ['a VIP’s whole name', { kind: 'patient', ids: [], names: ['张'] }, {}, false],
    ['no id by an empty one', { kind: 'patient', ids: ['X'], names: [] }, { patientId: '' }, false],
    ['a department', { kind: 'department', values: ['感染科', '呼吸内科'] }, {}, true],
    ['another department', { kind: 'department', values: ['内科'] }, {}, false],
    ['a ward, in full width', { kind: 'ward', values: ['ＩＣＵ'] }, { ward: 'icu' }, true],
    ['one of several item codes', { kind: 'item-code', values: ['ct002'] }, {}, true],
    ['no part of an item code', { kind: 'item-code', values: ['CT00'] }, {}, false],
    ['a word of the item', { kind: 'keyword', in: ['item'], values: ['CT'] }, {}, true],
    ['a word elsewhere', { kind: 'keyword', in: ['item'], values: ['胸痛'] }, {}, false],
    [
      'a word of the clinical information',
      { kind: 'keyword', in: ['clinical-info'], values: ['胸痛'] },
      {},
      true,
    ],
    ['a word of reports, of no order', { kind: 'keyword', in: ['report'], values: ['胸痛'] }, {}, false],
    ['nothing while it is off', { active: false, kind: 'ward', values: ['一病区'] }, {}, false],
  ])('labels by %s', (_, given, about, holds) => {
    const rules = compiled(rule(given))
    expect(rules.labelOf(facts(about))).toBe(holds ? 'sensitive' : 'general')
    expect(rules.rulesFor(facts(about))).toEqual(holds ? ['r'] : [])
  })

  it('labels by the strictest of all that hold, and a text by the words for reports', () => {
    const rules = compiled(
      rule({ id: 'a', kind: 'ward', values: ['一病区'] }),
      rule({ id: 'b', label: 'highly-sensitive', kind: 'patient', ids: ['P1'], names: [] }),
      rule({ id: 'c', kind: 'keyword', in: ['report'], values: ['HIV'] }),
    )
    expect(rules.labelOf(facts())).toBe('highly-sensitive')
    expect(rules.rulesFor(facts())).toEqual(['a', 'b'])
    expect(rules.labelOfText('ｈｉｖ 抗体阳性')).toBe('sensitive')
    expect(rules.labelOfText('未见异常')).toBe('general')
  })

  it('goes with a patient whose ids the hospital merged, either way', () => {
    const survivorOf = (id: string) => (id === 'OLD' ? 'NEW' : id)
    const by = (id: string) =>
      compileRules(LabelRules.parse({ rules: [rule({ kind: 'patient', ids: [id], names: [] })] }), survivorOf)
    expect(by('OLD').labelOf(facts({ patientId: 'NEW' }))).toBe('sensitive')
    expect(by('NEW').labelOf(facts({ patientId: 'OLD' }))).toBe('sensitive')
  })

  it.each([
    ['nobody on the list', { kind: 'patient', ids: [], names: [] }],
    ['no value', { kind: 'ward', values: [] }],
    ['an empty value, which would hold for all', { kind: 'keyword', in: ['item'], values: [' '] }],
    ['no place to look', { kind: 'keyword', in: [], values: ['x'] }],
    ['a general label', { label: 'general', kind: 'ward', values: ['x'] }],
  ])('with %s is refused', (_, given) => {
    expect(LabelRules.safeParse({ rules: [rule(given)] }).success).toBe(false)
  })

  it('has an id of its own', () => {
    const twice = rule({ kind: 'ward', values: ['x'] })
    expect(LabelRules.safeParse({ rules: [twice, twice] }).success).toBe(false)
  })
})

describe('the label of a field', () => {
  const { fields } = LabelRules.parse({})

  it('hides the telephone number from who is not cleared for it, and clinical text from who it is no business of', () => {
    expect([...hiddenFields(fields, { clearance: 'general', clinicalText: true })]).toEqual(['phone'])
    expect([...hiddenFields(fields, { clearance: 'sensitive', clinicalText: false })]).toEqual([
      'clinicalInfo',
    ])
  })

  it('leaves what a correction did not touch as it was', () => {
    const known = anOrder('A1', { phone: '13800001234' })
    const hidden = new Set(['phone', 'patientName', 'clinicalInfo'] as const)
    const seen = veiledOrder(known, hidden)
    expect(JSON.stringify(seen)).not.toMatch(/13800001234|张伟|胸痛|Zhang/)
    expect(unveiledOrder({ ...seen, ward: 'ICU' }, known, hidden)).toEqual({ ...known, ward: 'ICU' })
    expect(unveiledOrder({ ...seen, phone: '139' }, known, hidden)).toMatchObject({ phone: '139' })
  })

  it.each([
    ['13800001234', '****34'],
    ['119', '****'],
    ['', ''],
  ])('masks %j', (phone, masked) => {
    expect(maskedPhone(phone)).toBe(masked)
  })
})
