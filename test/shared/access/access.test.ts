import { describe, expect, it } from 'vitest'
import { decide, isOfficer, Permission, permissionsOf, Role } from '../../../src/shared/access/index.ts'

const clinical: Permission[] = [
  'worklist.read',
  'study.read',
  'report.read',
  'report.write',
  'report.sign',
  'alert.read',
  'exam.progress',
]
const carried = (role: Role) => permissionsOf({ roles: [role] })

describe('the permission table', () => {
  it('gives nobody what nobody asked for: no role, no permission', () => {
    expect(permissionsOf({ roles: [] })).toEqual([])
    for (const permission of Permission.options) expect(decide({ roles: [] }, permission)).toBe(false)
  })

  it('keeps officers and the bootstrap administrator from clinical work', () => {
    const apart = Role.options.filter((role) => isOfficer(role) || role === 'bootstrap-administrator')
    expect(apart).toHaveLength(4)
    for (const role of apart)
      expect([role, carried(role).filter((permission) => clinical.includes(permission))]).toEqual([role, []])
  })

  it('lets no two officers change the same thing', () => {
    const changes: Permission[] = [
      'account.manage',
      'account.authorise',
      'workstation.manage',
      'session.end',
      'policy.write',
      'officer.create',
    ]
    for (const permission of changes)
      expect(Role.options.filter((role) => carried(role).includes(permission))).toHaveLength(1)
    expect(carried('auditor').filter((permission) => changes.includes(permission))).toEqual([])
  })

  it('lets a session without a key sign no report and check no alert, and do the rest', () => {
    const asking = { roles: ['radiologist'], factor: 'fallback' } as const
    const signatures: Permission[] = ['report.sign', 'alert.check']
    for (const permission of signatures) {
      expect(decide(asking, permission)).toBe(false)
      expect(decide({ ...asking, factor: 'certificate' }, permission)).toBe(true)
    }
    expect(permissionsOf(asking)).toEqual(
      carried('radiologist').filter((permission) => !signatures.includes(permission)),
    )
  })
})
