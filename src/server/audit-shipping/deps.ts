import type { AuditTrail, Checkpoints } from '../audit/index.ts'
import type { Staff } from './audit-message.ts'

/** What shipping takes from others. */
export interface ShippingDeps {
  audit: Pick<AuditTrail, 'after'>
  checkpoints: Pick<Checkpoints, 'certificatePem' | 'unshipped' | 'shipped'>
  /** Names and roles of the hospital's people. */
  staff: () => Promise<Staff>
  hostName: string
  processId: number
}
