import type { AuditRow } from '../../src/shared/audit/index.ts'
import type { Channel } from './channel.ts'

/** The newest records as an auditor's session is shown them, the newest first; that they were asked for is not among them yet. */
export async function auditRows(channel: Pick<Channel, 'call'>, before?: number): Promise<AuditRow[]> {
  const body = { limit: 500, ...(before === undefined ? {} : { after: before }) }
  return (await channel.call('searchAudit', { body })).body.rows
}
