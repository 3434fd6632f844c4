import { z } from 'zod'
import { Role, Sensitivity } from '../access/index.ts'

const count = (least: number, most: number) => z.int().min(least).max(most)
const minutes = (least: number, most: number) => z.number().min(least).max(most)

/** What a sign-in takes beside the certificate on the key and its PIN. */
const SignInRules = z.strictObject({
  factors: z.enum(['certificate', 'certificate-and-password']).default('certificate'),
  /** Whether password + TOTP may stand in for a lost key, where the security officer has granted it. */
  fallbackAllowed: z.boolean().default(true),
  fallbackLongestHours: count(1, 72).default(24),
  /** How long a one-time binding code, or a one-time password, is good. */
  oneTimeCodeHours: count(1, 72).default(24),
})

/** The assessment's floor: at least 8 characters, changed every 90 days at most. Nothing here can be set weaker. */
const PasswordRules = z.strictObject({
  minLength: count(8, 64).default(10),
  /** Of lower case, upper case, digits and other characters. */
  minClasses: count(2, 4).default(3),
  /** A new password may not be one of the last N. */
  history: count(1, 24).default(5),
  maxAgeDays: count(1, 90).default(90),
  /** From this many days before it ends, the person is warned. */
  warnDays: count(0, 30).default(14),
})

/** After `failures` wrong entries the first delay begins; each further one doubles it, up to the longest. */
const DelayRules = (failures: number) =>
  z.strictObject({
    failures: count(1, 20).default(failures),
    firstDelaySeconds: count(10, 3600).default(60),
    longestDelayMinutes: count(5, 1440).default(60),
  })

const LockoutRules = z.strictObject({
  account: DelayRules(5).prefault({}),
  workstation: DelayRules(15).prefault({}),
})

const RevocationRules = z.strictObject({
  /** A revocation list older than this is stale, whatever its own nextUpdate says; stale means refuse. */
  crlLongestAgeHours: count(1, 8760).default(168),
  /** `fail-closed`: no answer refuses. `fail-open`: no answer leaves it to the revocation list. */
  ocsp: z.enum(['off', 'fail-closed', 'fail-open']).default('off'),
})

const SessionCaps = z.strictObject({
  /** Live sessions of the whole gateway. */
  total: count(1, 100_000).default(500),
  /** Of these, so many are kept for emergency accounts. */
  emergencyPlaces: count(0, 100).default(5),
  perWorkstation: count(1, 20).default(1),
  /** Live sessions by role; a role that is absent has no cap of its own. */
  perRole: z.partialRecord(Role, count(1, 100_000)).default({}),
  /** Sign-ins within a sliding period. */
  period: z.strictObject({ signIns: count(1, 1_000_000), minutes: count(1, 1440) }).default({
    signIns: 2000,
    minutes: 60,
  }),
})

const SessionRules = z.strictObject({
  /** A session lasts one shift at most. */
  shiftHours: z.number().min(0.01).max(24).default(12),
  /** The workstation locks after this long without input. */
  lockAfterMinutes: minutes(0.02, 60).default(10),
  /** The gateway ends a session that has been locked, or without input, this long. */
  endAfterMinutes: minutes(0.02, 600).default(30),
  /** The gateway ends a session that it has not heard of for this long. */
  silenceMinutes: minutes(0.02, 60).default(3),
  /** The same account on a second workstation: refused, or it takes over after asking. */
  secondSession: z.enum(['refuse', 'take-over']).default('take-over'),
  caps: SessionCaps.prefault({}).refine(
    ({ total, emergencyPlaces }) => emergencyPlaces < total,
    'more emergency places than sessions',
  ),
})

const WorkstationRules = z.strictObject({
  certificateDays: count(1, 825).default(365),
  /** A workstation renews its certificate by itself from this many days before it ends. */
  renewBeforeDays: count(1, 180).default(30),
})

/**
 * Access to what bears a sensitivity label, beside label and clearance (AccessTerms). The whole day is from 0 until 24; hours that
 * end before they begin pass midnight.
 */
const AccessRules = z.strictObject({
  relationshipFrom: z
    .enum([...Sensitivity.exclude(['general']).options, 'never'])
    .default('highly-sensitive'),
  relationshipDays: count(1, 3650).default(30),
  sensitiveFromHour: count(0, 23).default(0),
  sensitiveUntilHour: count(0, 24).default(24),
  highlySensitiveFromHour: count(0, 23).default(0),
  highlySensitiveUntilHour: count(0, 24).default(24),
  /** How long broken glass keeps a study open. */
  glassHours: count(1, 24).default(4),
  /** Within which broken glass is to be reviewed; afterwards there is an alarm. */
  glassReviewHours: count(1, 168).default(24),
})

/**
 * What the security officer decides. Every parameter has a bound that cannot be set below what the assessment asks for; a
 * policy that breaks one is refused whole.
 */
export const SecurityPolicy = z.strictObject({
  signIn: SignInRules.prefault({}),
  password: PasswordRules.prefault({}),
  lockout: LockoutRules.prefault({}),
  revocation: RevocationRules.prefault({}),
  session: SessionRules.prefault({}),
  workstation: WorkstationRules.prefault({}),
  access: AccessRules.prefault({}),
})
export type SecurityPolicy = z.infer<typeof SecurityPolicy>
/** What may be left out takes its default. */
export type SecurityPolicyInput = z.input<typeof SecurityPolicy>
