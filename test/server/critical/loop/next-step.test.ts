import { describe, expect, it } from 'vitest'
import { nextStep } from '../../../../src/server/critical/loop/next-step.ts'
import { type AlertState, type Awaited, nextAlertState } from '../../../../src/shared/alert/index.ts'
import { Contact, CriticalRules, type RecipientKind } from '../../../../src/shared/critical/model.ts'

const rules = CriticalRules.parse({})
const timing = { deadlines: rules.deadlines.red, closeAfterHours: 24 }
const contacts = [
  { kind: 'department-head', department: '呼吸内科', name: '呼吸内科主任', phone: '8001' },
  { kind: 'department-head', department: '二病区', name: '二病区主任' },
  { kind: 'duty-office', name: '总值班', phone: '8000' },
].map((contact) => Contact.parse(contact))
const side = { ward: '一病区', department: '呼吸内科', doctor: '陈医生' }

const waiting = (awaited: Awaited, at: number): AlertState => ({
  ...nextAlertState(null, { kind: 'raised' }, 0, timing),
  releasedAt: awaited === 'check' ? null : 0,
  due: { awaited, at },
})
const told = (kind: RecipientKind, awaited: Awaited = 'receive', escalation = rules.escalation) => ({
  state: waiting(awaited, 100),
  recipient: { kind, name: '', department: '', code: '', phone: '' },
  escalation,
})

describe('the next step', () => {
  it('is none before its time, or where nothing is waited for', () => {
    expect(nextStep(told('ward'), 99, side, contacts)).toEqual({ do: 'nothing' })
    expect(
      nextStep({ ...told('ward'), state: { ...waiting('receive', 1), due: null } }, 99, side, []),
    ).toEqual({
      do: 'nothing',
    })
  })

  it('releases what nobody checked, closes what nobody closed', () => {
    expect(nextStep(told('ward', 'check'), 100, side, contacts)).toEqual({ do: 'release' })
    expect(nextStep(told('ward', 'close'), 100, side, contacts)).toEqual({ do: 'close' })
  })

  it('goes from ward to doctor to head of department to duty office, then to nobody', () => {
    const names = (['ward', 'doctor', 'department-head', 'duty-office'] as const).map((kind) => {
      const step = nextStep(told(kind), 100, side, contacts)
      return step.do === 'escalate' ? `${step.to.kind} ${step.to.name} ${step.to.phone}` : step.do
    })
    expect(names).toEqual([
      'doctor 陈医生 ',
      'department-head 呼吸内科主任 8001',
      'duty-office 总值班 8000',
      'exhausted',
    ])
  })

  it('goes on from whoever was told last, for handling as for receiving', () => {
    const step = nextStep(told('doctor', 'handle'), 100, side, contacts)
    expect(step).toMatchObject({ do: 'escalate', hop: 1, awaited: 'handle', to: { kind: 'department-head' } })
  })

  it('begins at the beginning where whom it was raised for stands nowhere in the chain', () => {
    const step = nextStep(told('duty-office', 'receive', ['doctor', 'department-head']), 100, side, contacts)
    expect(step).toMatchObject({ do: 'escalate', to: { kind: 'doctor' } })
  })

  it('skips whom nobody knows, and says so', () => {
    const unknown = { ward: '', department: '外科', doctor: '' }
    expect(nextStep(told('ward'), 100, unknown, contacts)).toEqual({
      do: 'escalate',
      hop: 1,
      to: { kind: 'duty-office', name: '总值班', department: '外科', code: '', phone: '8000' },
      awaited: 'receive',
      skipped: ['doctor', 'department-head'],
    })
    expect(nextStep(told('ward'), 100, unknown, [])).toEqual({
      do: 'exhausted',
      awaited: 'receive',
      skipped: ['doctor', 'department-head', 'duty-office'],
    })
  })

  it('knows the people of the ward where the patient is now', () => {
    const moved = { ...side, ward: '二病区' }
    expect(nextStep(told('doctor'), 100, moved, contacts)).toMatchObject({ to: { name: '二病区主任' } })
  })

  it('is one step, however late', () => {
    expect(nextStep(told('ward'), 100 + 86_400_000, side, contacts)).toMatchObject({ do: 'escalate', hop: 1 })
  })
})
