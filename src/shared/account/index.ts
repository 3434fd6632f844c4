import { z } from 'zod'
import { isOfficer, Role } from '../access/index.ts'

/** Compared without case and width: fullwidth letters are the same letters. */
export const LoginName = z
  .string()
  .normalize('NFKC')
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/)

/** A person's name as it stands on reports: no control or direction characters. */
export const DisplayName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)

/** 工号: one person has one, and nobody else has it. */
export const StaffNumber = z
  .string()
  .normalize('NFKC')
  .trim()
  .regex(/^[A-Za-z0-9-]{1,20}$/)

/** How sensitive the data is that a person may see: 一般, 敏感, 高度敏感. */
export const Clearance = z.enum(['general', 'sensitive', 'highly-sensitive'])
export type Clearance = z.infer<typeof Clearance>

/** Empty is nobody yet: the account cannot sign in. An officer has that one role; the bootstrap administrator is made by the CLI alone. */
export const AssignableRoles = z
  .array(Role.exclude(['bootstrap-administrator']))
  .refine((roles) => new Set(roles).size === roles.length, 'a role stands twice')
  .refine((roles) => roles.length <= 1 || !roles.some(isOfficer), 'an officer has that one role')

/** A person, as the system administrator enters them. Roles, clearance and certificates are the security officer's. */
export const NewAccount = z.strictObject({
  loginName: LoginName,
  displayName: DisplayName,
  staffNumber: StaffNumber.optional(),
})
export type NewAccount = z.infer<typeof NewAccount>

/** What the security officer gives an account. */
export const AccountAuthority = z.strictObject({
  roles: AssignableRoles,
  clearance: Clearance,
  /** May take a session where only the places kept for emergencies are left. */
  emergency: z.boolean(),
})
export type AccountAuthority = z.infer<typeof AccountAuthority>
