import type { AuditRow } from '../../shared/audit/index.ts'
import type { Protection } from '../protection/index.ts'
import type { Schema } from '../store/index.ts'
import { readDetail } from './detail.ts'

type Stored = Pick<Schema['audit'], 'seq' | 'at' | 'action' | 'outcome' | 'sealed_detail'>

/**
 * A stored record as it is shown, shipped and archived.
 * @throws IntegrityError where its detail was changed.
 */
export function auditRow(protection: Protection, row: Stored): AuditRow {
  const { actor, object, about, detail } = readDetail(protection, row)
  const { kind, id, workstationId, sessionId, address } = actor
  const workstation = kind === 'workstation' ? id : workstationId
  return {
    seq: row.seq,
    at: row.at,
    action: row.action,
    outcome: row.outcome,
    actor: `${kind}:${id}`,
    ...(workstation ? { workstation } : {}),
    ...(address ? { address } : {}),
    ...(sessionId ? { session: sessionId } : {}),
    object: object ? `${object.kind}:${object.id}` : '',
    ...(about.length > 0 ? { about } : {}),
    detail,
  }
}

/** In the place of one whose detail cannot be trusted. */
export function unreadableRow({ seq, at, action, outcome }: Stored): AuditRow {
  return { seq, at, action, outcome, actor: '', object: '', detail: { unreadable: true } }
}
