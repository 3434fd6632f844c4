import { z } from 'zod'
import type { Role } from '../../../shared/access/index.ts'
import { SecurityPolicy } from '../../../shared/policy/index.ts'

export type Unit =
  | 'hour'
  | 'characters'
  | 'classes'
  | 'times'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'sessions'

/** One parameter of the policy as an officer sees it. `path` is its place in SecurityPolicy, and its name in the texts. */
export interface Parameter {
  path: string
  unit?: Unit
  /** Which way is the stricter one; for choices, all from the loosest to the strictest. */
  stricter?: 'higher' | 'lower' | readonly string[]
  /** The assessment says something of it: shown beside the bound. */
  assessed?: true
  /** May be left empty: no cap. */
  optional?: true
  /** The least that the editor offers, where the schema allows less for trials and tests. */
  least?: number
  /** Whose cap it is. */
  role?: Role
}

export interface Section {
  id: 'factors' | 'password' | 'lockout' | 'revocation' | 'session' | 'caps' | 'workstation' | 'access'
  parameters: readonly Parameter[]
}

const cappedRoles: readonly Role[] = [
  'radiologist',
  'resident',
  'technologist',
  'system-administrator',
  'security-officer',
  'auditor',
]

const delays = (who: 'account' | 'workstation'): Parameter[] => [
  { path: `lockout.${who}.failures`, unit: 'times', stricter: 'lower', assessed: true },
  { path: `lockout.${who}.firstDelaySeconds`, unit: 'seconds', stricter: 'higher' },
  { path: `lockout.${who}.longestDelayMinutes`, unit: 'minutes', stricter: 'higher' },
]

/** Every parameter stands here once; a test holds this against the schema. */
export const sections: readonly Section[] = [
  {
    id: 'factors',
    parameters: [
      { path: 'signIn.factors', stricter: ['certificate', 'certificate-and-password'], assessed: true },
      { path: 'signIn.fallbackAllowed', stricter: ['true', 'false'] },
      { path: 'signIn.fallbackLongestHours', unit: 'hours', stricter: 'lower' },
      { path: 'signIn.oneTimeCodeHours', unit: 'hours', stricter: 'lower' },
    ],
  },
  {
    id: 'password',
    parameters: [
      { path: 'password.minLength', unit: 'characters', stricter: 'higher', assessed: true },
      { path: 'password.minClasses', unit: 'classes', stricter: 'higher', assessed: true },
      { path: 'password.history', unit: 'times', stricter: 'higher' },
      { path: 'password.maxAgeDays', unit: 'days', stricter: 'lower', assessed: true },
      { path: 'password.warnDays', unit: 'days' },
    ],
  },
  { id: 'lockout', parameters: [...delays('account'), ...delays('workstation')] },
  {
    id: 'revocation',
    parameters: [
      { path: 'revocation.crlLongestAgeHours', unit: 'hours', stricter: 'lower' },
      { path: 'revocation.ocsp', stricter: ['off', 'fail-open', 'fail-closed'] },
    ],
  },
  {
    id: 'session',
    parameters: [
      { path: 'session.shiftHours', unit: 'hours', stricter: 'lower', least: 1 },
      { path: 'session.lockAfterMinutes', unit: 'minutes', stricter: 'lower', least: 1 },
      { path: 'session.endAfterMinutes', unit: 'minutes', stricter: 'lower', assessed: true, least: 1 },
      { path: 'session.silenceMinutes', unit: 'minutes', stricter: 'lower', assessed: true, least: 1 },
      { path: 'session.secondSession', stricter: ['take-over', 'refuse'], assessed: true },
    ],
  },
  {
    id: 'caps',
    parameters: [
      { path: 'session.caps.total', unit: 'sessions', stricter: 'lower', assessed: true },
      { path: 'session.caps.emergencyPlaces', unit: 'sessions' },
      { path: 'session.caps.perWorkstation', unit: 'sessions', stricter: 'lower' },
      { path: 'session.caps.period.signIns', unit: 'times', stricter: 'lower', assessed: true },
      { path: 'session.caps.period.minutes', unit: 'minutes', stricter: 'higher' },
      ...cappedRoles.map(
        (role): Parameter => ({
          path: `session.caps.perRole.${role}`,
          unit: 'sessions',
          stricter: 'lower',
          optional: true,
          role,
        }),
      ),
    ],
  },
  {
    id: 'workstation',
    parameters: [
      { path: 'workstation.certificateDays', unit: 'days', stricter: 'lower' },
      { path: 'workstation.renewBeforeDays', unit: 'days' },
    ],
  },
  {
    id: 'access',
    parameters: [
      {
        path: 'access.relationshipFrom',
        stricter: ['never', 'highly-sensitive', 'sensitive'],
        assessed: true,
      },
      { path: 'access.relationshipDays', unit: 'days', stricter: 'lower' },
      { path: 'access.sensitiveFromHour', unit: 'hour' },
      { path: 'access.sensitiveUntilHour', unit: 'hour' },
      { path: 'access.highlySensitiveFromHour', unit: 'hour' },
      { path: 'access.highlySensitiveUntilHour', unit: 'hour' },
      { path: 'access.glassHours', unit: 'hours', stricter: 'lower' },
      { path: 'access.glassReviewHours', unit: 'hours', stricter: 'lower' },
    ],
  },
]

export const parameters: readonly Parameter[] = sections.flatMap((section) => section.parameters)

/** What a parameter may be. */
export type Bound =
  | { kind: 'number'; least: number; most: number; whole: boolean }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'switch' }

interface JsonSchema {
  type?: string
  enum?: string[]
  minimum?: number
  maximum?: number
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema
}

/** The bounds as the shared schema has them: there is no second list that could differ. Only a least may be higher here. */
export function boundsOf(): ReadonlyMap<string, Bound> {
  const root = z.toJSONSchema(SecurityPolicy, { io: 'input' }) as JsonSchema
  return new Map(parameters.map((parameter) => [parameter.path, boundAt(root, parameter)]))
}

function boundAt(root: JsonSchema, { path, least = Number.NEGATIVE_INFINITY }: Parameter): Bound {
  const schema = path
    .split('.')
    .reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key] ?? at?.additionalProperties, root)
  if (schema?.enum) return { kind: 'choice', values: schema.enum }
  if (schema?.type === 'boolean') return { kind: 'switch' }
  const { minimum, maximum, type } = schema ?? {}
  if (minimum === undefined || maximum === undefined) throw new Error(`${path} has no bounds in the policy`)
  return { kind: 'number', least: Math.max(minimum, least), most: maximum, whole: type === 'integer' }
}
