import { describe, expect, it } from 'vitest'
import { recipientOf, recipientsFor } from '../../../../src/server/critical/alerts/recipients.ts'
import { type Contact, CriticalRules } from '../../../../src/shared/critical/model.ts'

const side = { ward: '呼吸一病区', department: '呼吸内科', doctor: '陈医生' }
const nobody = { ward: '', department: '', doctor: '' }
const contact = (facts: Partial<Contact> & Pick<Contact, 'kind' | 'name'>): Contact => ({
  department: '',
  code: '',
  phone: '',
  ...facts,
})
const contacts = [
  contact({ kind: 'ward', name: '总机', phone: '100', code: 'SW' }),
  contact({ kind: 'ward', name: '呼吸内科护士站', department: '呼吸内科', phone: '201', code: 'W200' }),
  contact({ kind: 'doctor', name: '陈医生', department: '急诊科', phone: '301', code: 'D9' }),
  contact({ kind: 'doctor', name: '呼吸值班', department: '呼吸内科', phone: '302', code: 'D2' }),
  contact({ kind: 'department-head', name: '周主任', department: '呼吸内科', phone: '401', code: 'H1' }),
  contact({ kind: 'duty-office', name: '总值班', phone: '500', code: 'OFFICE' }),
]
const own = contact({ kind: 'ward', name: '护士站', department: '呼吸一病区', phone: '202', code: 'W201' })

describe('who is told', () => {
  it('is the ward of the order, by its own contact, else over the nearest telephone and under no other’s code', () => {
    const ward = (list: Contact[], of = side) => recipientOf('ward', of, list)
    expect(ward([...contacts, own])).toEqual({
      kind: 'ward',
      name: '呼吸一病区',
      department: '呼吸内科',
      code: 'W201',
      phone: '202',
    })
    expect(ward(contacts)).toMatchObject({ name: '呼吸一病区', code: '', phone: '201' })
    expect(ward(contacts, { ...side, department: '外科' })).toMatchObject({ code: '', phone: '100' })
    expect(ward([])).toMatchObject({ name: '呼吸一病区', code: '', phone: '' })
  })

  it('is a contact where the order names nobody, and empty where there is none', () => {
    expect(recipientOf('ward', nobody, contacts)).toMatchObject({ name: '总机', code: 'SW', phone: '100' })
    expect(recipientOf('doctor', { ...nobody, department: '呼吸内科' }, contacts)).toMatchObject({
      name: '呼吸值班',
      code: 'D2',
    })
    expect(recipientOf('doctor', nobody, contacts)).toEqual({
      kind: 'doctor',
      name: '',
      department: '',
      code: '',
      phone: '',
    })
  })

  it('is the ordering doctor, of two by one name the one of the department', () => {
    expect(recipientOf('doctor', side, contacts)).toMatchObject({ name: '陈医生', code: 'D9', phone: '301' })
    const same = contact({ kind: 'doctor', name: '陈医生', department: '呼吸内科', phone: '303', code: 'D3' })
    expect(recipientOf('doctor', side, [...contacts, same])).toMatchObject({ code: 'D3', phone: '303' })
    expect(recipientOf('doctor', { ...side, doctor: '林医生' }, contacts)).toMatchObject({
      name: '林医生',
      code: '',
      phone: '302',
    })
  })

  it('is the head of the ordering department, and the duty office for all', () => {
    expect(recipientOf('department-head', side, contacts)).toMatchObject({ name: '周主任', code: 'H1' })
    expect(recipientOf('department-head', { ...side, department: '外科' }, contacts).name).toBe('')
    expect(recipientOf('duty-office', side, contacts)).toMatchObject({ name: '总值班', phone: '500' })
  })

  it('is proposed by default first, then along the escalation, those of whom nothing is known last', () => {
    const rules = CriticalRules.parse({ contacts, escalation: ['doctor', 'duty-office'] })
    const kinds = (of: typeof side, first: 'ward' | 'doctor' | 'department-head' = 'ward') =>
      recipientsFor(of, rules, first).map(({ kind }) => kind)
    expect(kinds(side)).toEqual(['ward', 'doctor', 'duty-office', 'department-head'])
    expect(kinds(side, 'department-head')).toEqual(['department-head', 'doctor', 'duty-office', 'ward'])
    // An outpatient: no ward, and no contact for one.
    const outpatient = { ward: '', department: '外科', doctor: '林医生' }
    const withoutWard = { ...rules, contacts: contacts.filter(({ kind }) => kind !== 'ward') }
    expect(recipientsFor(outpatient, withoutWard, 'ward').map(({ kind }) => kind)).toEqual([
      'doctor',
      'duty-office',
      'ward',
      'department-head',
    ])
  })
})
