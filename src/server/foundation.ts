import type { Logger } from 'pino'
import type { Clock, RandomBytes } from '../shared/time/clock.ts'
import type { Alarms } from './alarms/index.ts'
import type { AuditTrail } from './audit/index.ts'
import type { GatewayConfig } from './config/index.ts'
import type { Policies } from './policy/index.ts'
import type { Keyring, Protection } from './protection/index.ts'
import type { Store } from './store/index.ts'

/** What every capability of the gateway stands on; built once by the composition root (app.ts). */
export interface Foundation {
  config: GatewayConfig
  /** The gateway's own stable id, bound into every signature. ASCII. */
  gatewayId: string
  store: Store
  protection: Protection
  /** The generations of keys that `protection` works with. */
  keyring: Keyring
  /** The master key once more, for a restore that is tried out; who asks wipes it. */
  readMasterKey?: () => Promise<Buffer>
  audit: AuditTrail
  alarms: Alarms
  /** What the security officer decides. */
  policies: Policies
  clock: Clock
  random: RandomBytes
  /** Structured log. Codes, ids and counts only: never a name, a text, a PIN or a key. */
  log: Logger
}

/** Who a request comes from, established by its client certificate. */
export type Principal =
  | { kind: 'workstation'; workstationId: string; workstationName: string }
  | {
      kind: 'session'
      sessionId: string
      accountId: string
      displayName: string
      roles: readonly import('../shared/access/index.ts').Role[]
      workstationId: string
      factor: 'certificate' | 'fallback'
      /** The highest sensitivity label that the account may see. */
      clearance: import('../shared/access/index.ts').Sensitivity
      locked: boolean
    }
export type SessionPrincipal = Extract<Principal, { kind: 'session' }>

/** What a capability tells live sessions without being asked; `accountId` narrows it to one person. */
export interface Announcements {
  announce(
    event: import('../shared/session/index.ts').SessionEvent,
    to?: { accountId?: string; sessionId?: string },
  ): void
}
