import { z } from 'zod'
import { AuditSubjectKind } from '../../shared/audit/index.ts'
import type { Protection } from '../protection/index.ts'
import { detailPlace } from './chain.ts'

/** What lies sealed in a record. */
const SealedDetail = z.object({
  actor: z.object({
    kind: z.enum(['account', 'workstation', 'gateway', 'cli', 'interface']),
    id: z.string(),
    workstationId: z.string().optional(),
    sessionId: z.string().optional(),
    address: z.string().optional(),
  }),
  object: z.object({ kind: z.string(), id: z.string() }).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  about: z.array(z.object({ kind: AuditSubjectKind, id: z.string() })).optional(),
})

/** @throws IntegrityError where the detail was changed or is another record's. */
export function readDetail(protection: Protection, row: { seq: number; sealed_detail: string }) {
  const { actor, object, about, detail } = SealedDetail.parse(
    JSON.parse(protection.open(detailPlace(row.seq), row.sealed_detail)),
  )
  const { kind, id, workstationId, sessionId, address } = actor
  return {
    actor: {
      kind,
      id,
      ...(workstationId ? { workstationId } : {}),
      ...(sessionId ? { sessionId } : {}),
      ...(address ? { address } : {}),
    },
    ...(object ? { object } : {}),
    about: about ?? [],
    detail: detail ?? {},
  }
}
