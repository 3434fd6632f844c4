import type { WorkstationRow } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation, Principal } from '../../foundation.ts'

export interface Workstations {
  /** Who a workstation certificate stands for. @throws VigilError `workstation-unknown` or `workstation-revoked`. */
  principalOf(certificate: {
    id: string
    fingerprint: string
  }): Promise<Extract<Principal, { kind: 'workstation' }>>
  /** Its certificate is refused from now on, and its session ends. @throws VigilError `not-found`. */
  revoke(id: string, by: AuditEntry['actor']): Promise<void>
  list(): Promise<WorkstationRow[]>
}

/** The workstations that were enrolled; each is known by the one certificate it got. */
export function createWorkstations({ store, audit, clock }: Foundation): Workstations {
  return {
    async principalOf({ id, fingerprint }) {
      const row = await store.db
        .selectFrom('workstations')
        .select(['id', 'name', 'revoked_at'])
        .where('id', '=', id)
        .where('certificate_fingerprint', '=', fingerprint)
        .executeTakeFirst()
      if (!row) throw new VigilError('workstation-unknown')
      if (row.revoked_at !== null) throw new VigilError('workstation-revoked')
      return { kind: 'workstation', workstationId: row.id, workstationName: row.name }
    },

    async revoke(id, by) {
      await store.transaction(async (trx) => {
        const result = await trx
          .updateTable('workstations')
          .set({ revoked_at: clock() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (result.numUpdatedRows === 0n) throw new VigilError('not-found', { field: 'workstation' })
        const object = { kind: 'workstation', id }
        await audit.append(trx, { action: 'workstation.revoked', outcome: 'success', actor: by, object })
      })
    },

    async list() {
      const rows = await store.db.selectFrom('workstations').selectAll().orderBy('enrolled_at').execute()
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        enrolledAt: row.enrolled_at,
        certificateExpiresAt: row.certificate_expires_at,
        state: row.revoked_at === null ? ('active' as const) : ('revoked' as const),
        lastSeenAt: row.last_seen_at,
        lockedUntil: null,
        sessions: [],
      }))
    },
  }
}
