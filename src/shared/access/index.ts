import { z } from 'zod'

export * from './decide-access.ts'
export * from './fields.ts'
export * from './label-rules.ts'
export * from './masking.ts'
export * from './relationship.ts'
export * from './rule-changes.ts'
export * from './scrubbing.ts'
export * from './sensitivity.ts'

/**
 * Who may do what: roles, permissions and the table that joins them. Default deny: what is not in the table is refused.
 * The three administrative roles do not overlap, and none of them does clinical work (三员分立).
 */
export const Role = z.enum([
  'radiologist',
  /** 报告医师: writes and hands in for review; a radiologist signs. */
  'resident',
  'technologist',
  /** 质控管理员: keeps the critical-value dictionary and looks at how alerts were answered. A clinician, beside or instead of reporting. */
  'quality-manager',
  'system-administrator',
  'security-officer',
  'auditor',
  /** Made once by `vigil account bootstrap`; creates the three officers and is disabled by the third. */
  'bootstrap-administrator',
])
export type Role = z.infer<typeof Role>

/** 三员: system administrator, security officer, auditor. */
export const OfficerRole = Role.extract(['system-administrator', 'security-officer', 'auditor'])
export type OfficerRole = z.infer<typeof OfficerRole>

export function isOfficer(role: Role): boolean {
  return OfficerRole.safeParse(role).success
}

export const Permission = z.enum([
  'session.own',
  'settings.own',
  'worklist.read',
  'study.read',
  'study.claim',
  'study.break-glass',
  'study.label',
  'measurement.store',
  'report.read',
  'report.write',
  'report.review',
  'report.sign',
  'alert.read',
  'alert.manage',
  'alert.check',
  'alert.statistics',
  'report.search',
  'dictionary.read',
  'dictionary.manage',
  'interface.manage',
  'order.enter',
  'exam.progress',
  'officer.create',
  'account.read',
  'account.manage',
  'account.authorise',
  'workstation.read',
  'workstation.manage',
  'session.read',
  'session.end',
  'sign-in-failure.read',
  'certificate.read',
  'fallback.read',
  'policy.read',
  'policy.write',
  'table.export',
  'audit.read',
  'audit.review',
  'alarm.read',
  'alarm.acknowledge',
  'protection.read',
  'protection.scrub',
  'backup.read',
  'backup.run',
  'label.rules',
  'break-glass.read',
  'break-glass.review',
  'identity.reveal',
])
export type Permission = z.infer<typeof Permission>

/** Their own session: look at it, lock it, end it, change one's password. */
const own = ['session.own'] as const satisfies readonly Permission[]

/** What everybody needs who sees a list of exams. What of it they see is decided for each exam (decide-access.ts). */
const lists = [
  'settings.own',
  'worklist.read',
  'study.read',
  // The list masks names above the clearance; who is at the table, or on the phone, has to be asked for by name. Each time is audited.
  'identity.reveal',
] as const satisfies readonly Permission[]

/** One line a permission; a reason where it is not plain. What does not stand here is refused. */
const table: Record<Role, readonly Permission[]> = {
  radiologist: [
    ...own,
    ...lists,
    'study.claim',
    // Nobody must wait for a clearance while a patient bleeds. It is told at once and reviewed.
    'study.break-glass',
    // Who reads the exam learns first that it is a colleague's, or well known. To lift a label takes the clearance for it.
    'study.label',
    'measurement.store',
    'report.read',
    'report.write',
    'report.review',
    // With the key only.
    'report.sign',
    'alert.read',
    'alert.manage',
    // With the key only: a second person's confirmation is a signature.
    'alert.check',
    'report.search',
    'dictionary.read',
    // The order system is down, or the exam came from elsewhere.
    'order.enter',
  ],
  // Writes; what they write is signed by who reviewed it. They neither label nor search: both are about others' patients.
  resident: [
    ...own,
    ...lists,
    'study.claim',
    // They are alone at night.
    'study.break-glass',
    'measurement.store',
    'report.read',
    'report.write',
    'alert.read',
    'dictionary.read',
    'order.enter',
  ],
  // Looks at what others wrote; changes the dictionary only with a second person's approval.
  'quality-manager': [
    ...own,
    ...lists,
    'report.read',
    'alert.read',
    // Follows an alert to its end where its reporter is off duty.
    'alert.manage',
    'alert.statistics',
    'report.search',
    'dictionary.read',
    'dictionary.manage',
  ],
  // Sees the orders and whether the images arrived; reports are not theirs to see.
  technologist: [...own, ...lists, 'exam.progress', 'order.enter'],
  // Says who the people are, not what they may do; keeps the machine, its interfaces and its copies running.
  'system-administrator': [
    ...own,
    'account.read',
    'account.manage',
    'workstation.read',
    'interface.manage',
    'alarm.read',
    'alarm.acknowledge',
    'protection.read',
    'protection.scrub',
    'backup.read',
    'backup.run',
    'table.export',
  ],
  // Says what people and machines may do, and by which keys they are known.
  'security-officer': [
    ...own,
    'account.read',
    'account.authorise',
    'workstation.read',
    'workstation.manage',
    'session.read',
    'session.end',
    'sign-in-failure.read',
    'certificate.read',
    'fallback.read',
    'policy.read',
    'policy.write',
    'alarm.read',
    'alarm.acknowledge',
    'protection.read',
    // Who is a VIP is a matter of protection, not of medicine.
    'label.rules',
    'break-glass.read',
    // They break no glass themselves, so that nobody reviews their own.
    'break-glass.review',
    'table.export',
  ],
  // Looks, and changes nothing: what they write are their own findings.
  auditor: [
    ...own,
    'audit.read',
    'audit.review',
    'alarm.read',
    'backup.read',
    'fallback.read',
    'policy.read',
    // Sees what the security officer said to broken glass.
    'break-glass.read',
    'table.export',
  ],
  'bootstrap-administrator': [...own, 'officer.create'],
}

/** What a session that began without a key may not do, whatever its roles: a signature is made with the key. */
const withKeyOnly: readonly Permission[] = ['report.sign', 'alert.check']

/** Who asks: their roles, and what they signed in by (a key where it is not said). */
export interface Asking {
  roles: readonly Role[]
  factor?: 'certificate' | 'fallback'
}

/** The permissions of who asks, without repeats. */
export function permissionsOf(asking: Asking): Permission[] {
  const carried = new Set(asking.roles.flatMap((role) => table[role]))
  return [...carried].filter((permission) => decide(asking, permission))
}

/** True where one of the roles carries the permission, and the session may use it. */
export function decide({ roles, factor }: Asking, permission: Permission): boolean {
  if (factor === 'fallback' && withKeyOnly.includes(permission)) return false
  return roles.some((role) => table[role].includes(permission))
}
