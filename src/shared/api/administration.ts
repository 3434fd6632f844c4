import { z } from 'zod'
import { Role } from '../access/index.ts'

/** What the officers see. Times are epoch ms. */
export const AccountRow = z.object({
  id: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
  disabled: z.boolean(),
  certificates: z.int(),
  createdAt: z.number(),
})
export type AccountRow = z.infer<typeof AccountRow>

export const WorkstationRow = z.object({
  id: z.string(),
  name: z.string(),
  enrolledAt: z.number(),
  certificateExpiresAt: z.number(),
  revoked: z.boolean(),
})
export type WorkstationRow = z.infer<typeof WorkstationRow>

export const SessionRow = z.object({
  id: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  workstation: z.string(),
  state: z.enum(['active', 'locked']),
  startedAt: z.number(),
  lastActivityAt: z.number(),
  expiresAt: z.number(),
})
export type SessionRow = z.infer<typeof SessionRow>

export const AuditRow = z.object({
  seq: z.int(),
  at: z.number(),
  action: z.string(),
  outcome: z.enum(['success', 'refused', 'failed']),
  actor: z.string(),
  /** The person's or the workstation's name, where the actor is one that is known. */
  actorName: z.string().optional(),
  /** Id of the workstation and the network address that the actor came from, where the record holds them. */
  workstation: z.string().optional(),
  address: z.string().optional(),
  object: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditRow = z.infer<typeof AuditRow>
