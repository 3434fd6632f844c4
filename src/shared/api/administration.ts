import { z } from 'zod'
import { Role } from '../access/index.ts'
import { AccountAuthority, Clearance, DisplayName, NewAccount, StaffNumber } from '../account/index.ts'
import type { AuditRow } from '../audit/index.ts'
import { SecurityPolicy } from '../policy/index.ts'
import type { Route } from './route.ts'

/** What the audit and the failed sign-ins answer with at a time; fewer are the last. */
export const recordsPerPage = 200

export type { AuditRow }

/** What the officers see and do. Times are epoch ms. */
export const AccountRow = z.object({
  id: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  staffNumber: z.string(),
  roles: z.array(Role),
  clearance: Clearance,
  emergency: z.boolean(),
  disabled: z.boolean(),
  /** Certificates that speak for it now. */
  certificates: z.int(),
  /** Null where it has none. */
  password: z.object({ expiresAt: z.number(), mustChange: z.boolean() }).nullable(),
  /** Wrong entries hold further ones off until then; null where they do not. */
  lockedUntil: z.number().nullable(),
  /** Password + TOTP stand in for the key until then. */
  fallbackUntil: z.number().nullable(),
  totpEnrolled: z.boolean(),
  lastSignInAt: z.number().nullable(),
  createdAt: z.number(),
})
export type AccountRow = z.infer<typeof AccountRow>

export const WorkstationRow = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'suspended', 'revoked']),
  enrolledAt: z.number(),
  certificateExpiresAt: z.number(),
  /** Null where it never came back after its enrolment. */
  lastSeenAt: z.number().nullable(),
  lockedUntil: z.number().nullable(),
  /** Who is signed in there now. */
  sessions: z.array(z.string()),
})
export type WorkstationRow = z.infer<typeof WorkstationRow>

export const SessionRow = z.object({
  id: z.string(),
  accountId: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
  workstation: z.string(),
  factor: z.enum(['certificate', 'fallback']),
  state: z.enum(['active', 'locked']),
  startedAt: z.number(),
  lastActivityAt: z.number(),
  expiresAt: z.number(),
})
export type SessionRow = z.infer<typeof SessionRow>

/** A refused sign-in or unlock, or a token operation that failed at the workstation. */
export const SignInFailureRow = z.object({
  seq: z.int(),
  at: z.number(),
  purpose: z.enum(['sign-in', 'unlock', 'sign-off', 'alert-check', 'change-pin', 'enrolment']),
  /** ErrorCode or TokenFailureCode. */
  code: z.string(),
  /** The account that the attempt was for, where that is known; its name. */
  person: z.string(),
  workstation: z.string(),
  address: z.string(),
  /** SHA-256 of the certificate's DER, hex; empty where none was shown. */
  certificate: z.string(),
})
export type SignInFailureRow = z.infer<typeof SignInFailureRow>

/** A certificate, or a revocation list, that the product depends on. */
export const CertificateRow = z.object({
  kind: z.enum([
    'person',
    'workstation',
    'gateway-server',
    'gateway-ca',
    'workstation-ca',
    'session-ca',
    'user-ca',
    'crl',
  ]),
  /** SHA-256 of the DER, hex. */
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  /** Whose it is: a person's or a workstation's name; empty for the others. */
  owner: z.string(),
  notBefore: z.number(),
  notAfter: z.number(),
  state: z.enum(['good', 'ends-soon', 'expired', 'revoked', 'unknown']),
})
export type CertificateRow = z.infer<typeof CertificateRow>

export const FallbackGrantRow = z.object({
  id: z.string(),
  person: z.string(),
  grantedBy: z.string(),
  reason: z.string(),
  grantedAt: z.number(),
  endsAt: z.number(),
  /** Ended before its time, by whom. */
  endedAt: z.number().nullable(),
  endedBy: z.string(),
  /** Sign-ins that it was used for. */
  signIns: z.int(),
})
export type FallbackGrantRow = z.infer<typeof FallbackGrantRow>

export const PolicyVersion = z.object({
  version: z.int(),
  policy: SecurityPolicy,
  changedAt: z.number(),
  changedBy: z.string(),
})
export type PolicyVersion = z.infer<typeof PolicyVersion>

/** A TOTP secret on its way to the person's authenticator, shown once (RFC 6238; otpauth URI for a QR code). */
export const TotpEnrolment = z.object({ secret: z.string(), uri: z.string() })
export type TotpEnrolment = z.infer<typeof TotpEnrolment>

/** Why something was done: for the audit, and for who looks later. */
export const Reason = z.string().trim().min(1).max(200)

const done = z.object({})
const account = z.object({ id: z.uuid() })
const workstation = z.object({ id: z.uuid() })
const because = z.strictObject({ reason: Reason })
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/)
/** PEM, or base64 DER. */
const certificate = z.string().trim().min(100).max(16_384)

const session = <const R extends Omit<Route, 'principal'>>(route: R) => ({
  ...route,
  principal: 'session' as const,
})
const under = '/v1/administration'

/** The officers' routes: accounts and workstations, policy, sessions, what failed. */
export const administrationApi = {
  accounts: session({
    method: 'GET',
    path: `${under}/accounts`,
    permission: 'account.read',
    response: z.array(AccountRow),
  }),
  createAccount: session({
    method: 'POST',
    path: `${under}/accounts`,
    permission: 'account.manage',
    body: NewAccount,
    response: z.object({ id: z.string() }),
  }),
  editAccount: session({
    method: 'PUT',
    path: `${under}/accounts/:id`,
    permission: 'account.manage',
    params: account,
    body: z.strictObject({ displayName: DisplayName, staffNumber: StaffNumber.optional() }),
    response: done,
  }),
  disableAccount: session({
    method: 'POST',
    path: `${under}/accounts/:id/disable`,
    permission: 'account.manage',
    params: account,
    body: because,
    response: done,
  }),
  enableAccount: session({
    method: 'POST',
    path: `${under}/accounts/:id/enable`,
    permission: 'account.manage',
    params: account,
    body: because,
    response: done,
  }),
  /** Roles, clearance and emergency, as a whole. A role that is taken away ends the account's session. */
  authoriseAccount: session({
    method: 'PUT',
    path: `${under}/accounts/:id/authority`,
    permission: 'account.authorise',
    params: account,
    body: AccountAuthority,
    response: done,
  }),
  bindCertificate: session({
    method: 'POST',
    path: `${under}/accounts/:id/certificates`,
    permission: 'account.authorise',
    params: account,
    body: z.strictObject({ certificate }),
    bodyLimit: 32_768,
    response: z.object({ fingerprint: z.string() }),
  }),
  revokeCertificate: session({
    method: 'POST',
    path: `${under}/certificates/:fingerprint/revoke`,
    permission: 'account.authorise',
    params: z.object({ fingerprint }),
    body: because,
    response: done,
  }),
  /** A one-time code with which the person binds their key at their first sign-in; shown this once. */
  createBindingCode: session({
    method: 'POST',
    path: `${under}/accounts/:id/binding-code`,
    permission: 'account.authorise',
    params: account,
    response: z.object({ code: z.string(), expiresAt: z.number() }),
  }),
  /** A one-time password that must be changed at the next sign-in; shown this once. */
  resetPassword: session({
    method: 'POST',
    path: `${under}/accounts/:id/password-reset`,
    permission: 'account.authorise',
    params: account,
    response: z.object({ password: z.string(), expiresAt: z.number() }),
  }),
  clearLockout: session({
    method: 'POST',
    path: `${under}/accounts/:id/lockout/clear`,
    permission: 'account.authorise',
    params: account,
    body: because,
    response: done,
  }),
  /**
   * Lets password + TOTP stand in for the key. A new TOTP secret comes with it where the account has none, or where the one
   * it has is lost as well (`newTotp`), which is void from then on.
   */
  grantFallback: session({
    method: 'POST',
    path: `${under}/accounts/:id/fallback`,
    permission: 'account.authorise',
    params: account,
    body: z.strictObject({
      hours: z.int().min(1).max(72),
      reason: Reason,
      newTotp: z.boolean().default(false),
    }),
    response: z.object({ endsAt: z.number(), totp: TotpEnrolment.nullable() }),
  }),
  /** Ends the grant, and a session that stands on it. */
  endFallback: session({
    method: 'POST',
    path: `${under}/accounts/:id/fallback/end`,
    permission: 'account.authorise',
    params: account,
    body: because,
    response: done,
  }),
  fallbackGrants: session({
    method: 'GET',
    path: `${under}/fallback-grants`,
    permission: 'fallback.read',
    response: z.array(FallbackGrantRow),
  }),
  certificates: session({
    method: 'GET',
    path: `${under}/certificates`,
    permission: 'certificate.read',
    response: z.array(CertificateRow),
  }),

  workstations: session({
    method: 'GET',
    path: `${under}/workstations`,
    permission: 'workstation.read',
    response: z.array(WorkstationRow),
  }),
  /** A one-time enrolment ticket (`EnrolmentTicket`); shown this once. */
  createEnrolmentTicket: session({
    method: 'POST',
    path: `${under}/enrolment-tickets`,
    permission: 'workstation.manage',
    body: z.strictObject({ minutes: z.int().min(1).max(1440) }),
    response: z.object({ ticket: z.string(), expiresAt: z.number() }),
  }),
  suspendWorkstation: session({
    method: 'POST',
    path: `${under}/workstations/:id/suspend`,
    permission: 'workstation.manage',
    params: workstation,
    body: because,
    response: done,
  }),
  resumeWorkstation: session({
    method: 'POST',
    path: `${under}/workstations/:id/resume`,
    permission: 'workstation.manage',
    params: workstation,
    body: because,
    response: done,
  }),
  revokeWorkstation: session({
    method: 'POST',
    path: `${under}/workstations/:id/revoke`,
    permission: 'workstation.manage',
    params: workstation,
    body: because,
    response: done,
  }),

  sessions: session({
    method: 'GET',
    path: `${under}/sessions`,
    permission: 'session.read',
    response: z.array(SessionRow),
  }),
  endSession: session({
    method: 'POST',
    path: `${under}/sessions/:id/end`,
    permission: 'session.end',
    params: z.object({ id: z.uuid() }),
    body: because,
    response: done,
  }),
  /** The newest first; `before` is the seq to go on from. */
  signInFailures: session({
    method: 'GET',
    path: `${under}/sign-in-failures`,
    permission: 'sign-in-failure.read',
    query: z.object({ before: z.coerce.number().int().optional() }),
    response: z.array(SignInFailureRow),
  }),

  securityPolicy: session({
    method: 'GET',
    path: `${under}/policy`,
    permission: 'policy.read',
    response: PolicyVersion,
  }),
  /** `baseVersion` is the version that the change was made from; another in its place is `conflict`. */
  changePolicy: session({
    method: 'PUT',
    path: `${under}/policy`,
    permission: 'policy.write',
    body: z.strictObject({ policy: SecurityPolicy, baseVersion: z.int().positive() }),
    response: PolicyVersion,
  }),
  policyHistory: session({
    method: 'GET',
    path: `${under}/policy/history`,
    permission: 'policy.read',
    response: z.array(PolicyVersion),
  }),

  /** A table left the product as a file: for the audit, before the file is written. */
  recordExport: session({
    method: 'POST',
    path: `${under}/exports`,
    permission: 'table.export',
    body: z.strictObject({
      table: z.enum([
        'accounts',
        'workstations',
        'sessions',
        'sign-in-failures',
        'certificates',
        'fallback-grants',
        'policy-history',
        'glass-breaks',
        'label-rules-history',
        'delivery-targets',
        'dead-letters',
        'incoming-feeds',
        'quarantine',
        'audit',
        'anomalies',
        'audit-reports',
        'alarms',
        'backups',
        'damage',
        'label-rules',
        'glass-breaks',
      ]),
      rows: z.int().min(0).max(1_000_000),
    }),
    response: done,
  }),

  /** Which officers there are already. */
  bootstrap: session({
    method: 'GET',
    path: '/v1/bootstrap',
    permission: 'officer.create',
    response: z.object({ created: z.array(z.object({ role: Role, displayName: z.string() })) }),
  }),
  /** Creates one of the three officers. The third disables the bootstrap administrator and ends its session. */
  createOfficer: session({
    method: 'POST',
    path: '/v1/bootstrap/officers',
    permission: 'officer.create',
    body: NewAccount.extend({
      role: Role.extract(['system-administrator', 'security-officer', 'auditor']),
      certificate,
    }),
    bodyLimit: 32_768,
    response: z.object({ remaining: z.array(Role) }),
  }),
} as const satisfies Record<string, Route>
