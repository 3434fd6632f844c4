import { z } from 'zod'

/**
 * Who may do what: roles, permissions and the table that joins them. Default deny: what is not in the table is refused.
 * The three administrative roles do not overlap, and none of them does clinical work (三员分立).
 */
export const Role = z.enum([
  'radiologist',
  'technologist',
  'system-administrator',
  'security-officer',
  'auditor',
])
export type Role = z.infer<typeof Role>

export const Permission = z.enum([
  'session.own',
  'worklist.read',
  'study.read',
  'report.read',
  'report.write',
  'report.sign',
  'alert.read',
  'dictionary.read',
  'exam.progress',
  'account.read',
  'workstation.read',
  'session.read',
  'audit.read',
])
export type Permission = z.infer<typeof Permission>

const table: Record<Role, readonly Permission[]> = {
  radiologist: [
    'session.own',
    'worklist.read',
    'study.read',
    'report.read',
    'report.write',
    'report.sign',
    'alert.read',
    'dictionary.read',
  ],
  // Sees the orders and whether the images arrived; reports are not theirs to see.
  technologist: ['session.own', 'worklist.read', 'study.read', 'exam.progress'],
  'system-administrator': ['session.own', 'account.read', 'workstation.read'],
  'security-officer': ['session.own', 'account.read', 'workstation.read', 'session.read'],
  auditor: ['session.own', 'audit.read'],
}

/** The permissions of a set of roles, without repeats. */
export function permissionsOf(roles: readonly Role[]): Permission[] {
  return [...new Set(roles.flatMap((role) => table[role]))]
}

/** True where one of the roles carries the permission. */
export function decide(principal: { roles: readonly Role[] }, permission: Permission): boolean {
  return principal.roles.some((role) => table[role].includes(permission))
}
