import type { Foundation } from '../../foundation.ts'

/**
 * A renewed certificate was used for the first time: it is the workstation's certificate from now on. Of two connections
 * that come with it at once, one finds it done.
 */
export async function promoteNext(
  { store, audit }: Pick<Foundation, 'store' | 'audit'>,
  { id, fingerprint }: { id: string; fingerprint: string },
): Promise<void> {
  await store.transaction(async (trx) => {
    const row = await trx
      .selectFrom('workstations')
      .selectAll()
      .where('id', '=', id)
      .where('next_fingerprint', '=', fingerprint)
      .executeTakeFirst()
    if (!row) return
    await trx
      .updateTable('workstations')
      .set({
        certificate_fingerprint: fingerprint,
        certificate_expires_at: row.next_expires_at ?? row.certificate_expires_at,
        certificate_issued_at: row.next_issued_at,
        certificate_generation: row.next_generation ?? row.certificate_generation,
        next_fingerprint: null,
        next_expires_at: null,
        next_issued_at: null,
        next_generation: null,
      })
      .where('id', '=', id)
      .execute()
    await audit.append(trx, {
      action: 'workstation.certificate-changed',
      outcome: 'success',
      actor: { kind: 'workstation', id },
      object: { kind: 'workstation', id },
      detail: { certificate: fingerprint, before: row.certificate_fingerprint },
    })
  })
}
