import { describe, expect, it } from 'vitest'
import { referenceOf, subjectsOf } from '../../../../src/renderer/administration/audit/subjects.ts'
import type { AuditRow } from '../../../../src/shared/audit/index.ts'

const row: AuditRow = {
  seq: 7,
  at: 0,
  action: 'report.signed',
  outcome: 'success',
  actor: 'account:78a65f5b-f626-4806-ab86-cc68921ce45c',
  actorName: '李明华',
  workstation: 'w-1',
  session: 's-1',
  object: 'report:r-1',
  about: [{ kind: 'patient', id: 'index', label: '张*' }],
  detail: { patientId: 'P001', accessionNumber: 'A1' },
}

describe('what a record names', () => {
  it('is every person, place and thing that records can be looked up by, once', () => {
    expect(subjectsOf(row)).toEqual([
      { kind: 'account', id: '78a65f5b-f626-4806-ab86-cc68921ce45c', label: '李明华' },
      { kind: 'workstation', id: 'w-1', label: 'w-1' },
      { kind: 'session', id: 's-1', label: 's-1' },
      { kind: 'report', id: 'r-1', label: 'r-1' },
      // The patient as the record itself names them, not a second time by the id in its detail.
      { kind: 'patient', id: 'index', label: '张*' },
      { kind: 'order', id: 'A1', label: 'A1' },
    ])
  })

  it('is nothing where it is no kind that is looked up, empty, or longer than any id', () => {
    const bare = { ...row, about: [], detail: { patientId: 7 } }
    const { workstation: _w, session: _s, ...nobody } = bare
    expect(subjectsOf({ ...nobody, actor: 'gateway:gateway', object: '' })).toEqual([])
    expect(referenceOf('account:')).toBeNull()
    expect(referenceOf(`study:${'1'.repeat(129)}`)).toBeNull()
    expect(referenceOf('李明华')).toBeNull()
  })

  it('is the actor only once where they act on themselves', () => {
    const same = subjectsOf({ ...row, object: row.actor })
    expect(same.filter(({ kind }) => kind === 'account')).toHaveLength(1)
  })
})
