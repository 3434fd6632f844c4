import canonicalize from 'canonicalize'
import { z } from 'zod'
import { AuditCheckpoint } from '../../shared/audit/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { Protection } from '../protection/index.ts'
import type { Queries, Store } from '../store/index.ts'
import type { Fault } from './chain-walk.ts'
import { type EvidenceSigner, isSignedBy } from './evidence-signer.ts'
import { isWhole, readHead } from './head.ts'

/** A checkpoint as it is kept elsewhere: with the certificate (PEM) that verifies it. */
export const CheckpointFile = AuditCheckpoint.extend({ certificate: z.string() })
export type CheckpointFile = z.infer<typeof CheckpointFile>

/** Signed statements of how far the chain went. */
export interface Checkpoints {
  /** The certificate that verifies them, PEM. */
  certificatePem: string
  /** Signs how far the chain is; the one before where nothing was recorded since, null where there is no record or no whole chain. */
  make(): Promise<AuditCheckpoint | null>
  latest(): Promise<AuditCheckpoint | null>
  /** The latest ones that are kept here, oldest first. */
  newest(count: number): Promise<AuditCheckpoint[]>
  /** Those that did not leave the machine yet, oldest first. */
  unshipped(limit: number): Promise<AuditCheckpoint[]>
  /** The checkpoint at this record, and with it every earlier one, left the machine. */
  shipped(seq: number): Promise<void>
  /** The newest that left. */
  lastShipped(): Promise<{ seq: number; at: number } | null>
  /**
   * Where the records are not those that the checkpoints attest; null where they are. `truncated` also where they were put back
   * to an earlier state and written on: then it names the first record that is known to be another.
   * @throws Error where a checkpoint is of another gateway, or was not signed by this one.
   */
  verifyAgainst(checkpoints: readonly AuditCheckpoint[]): Promise<Fault | null>
}

export function createCheckpoints(
  { store, protection, clock, gatewayId }: Deps,
  signer: EvidenceSigner,
): Checkpoints {
  async function make(): Promise<AuditCheckpoint | null> {
    return store.transaction(async (trx) => {
      const head = await readHead(trx, protection)
      const last = await lastRow(trx)
      // What is broken is not attested: verification and the next record say so.
      if (typeof head === 'string' || !isWhole(head, last)) return null
      const before = await newest(trx)
      if (before && before.seq >= head.seq) return before
      const statement = { gatewayId, seq: head.seq, hash: head.hash, at: clock(), signer: signer.fingerprint }
      const checkpoint = { ...statement, signature: signer.sign(signed(statement)).toString('base64') }
      await trx
        .insertInto('audit_checkpoints')
        .values({ seq: head.seq, at: statement.at, statement: JSON.stringify(checkpoint) })
        .execute()
      return checkpoint
    })
  }

  async function lastShipped(): Promise<{ seq: number; at: number } | null> {
    const row = await store.db
      .selectFrom('audit_checkpoints_shipped')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  }

  function mustBeOurs(checkpoint: AuditCheckpoint): void {
    if (checkpoint.gatewayId !== gatewayId)
      throw new Error(`checkpoint of record ${checkpoint.seq}: of another gateway`)
    if (checkpoint.signer !== signer.fingerprint || !isSigned(checkpoint, signer.certificatePem))
      throw new Error(`checkpoint of record ${checkpoint.seq}: not signed by this gateway`)
  }

  return {
    certificatePem: signer.certificatePem,
    make,
    latest: () => newest(store.db),
    async newest(count) {
      const rows = await store.db
        .selectFrom('audit_checkpoints')
        .select('statement')
        .orderBy('seq', 'desc')
        .limit(count)
        .execute()
      return rows.map(({ statement }) => AuditCheckpoint.parse(JSON.parse(statement))).reverse()
    },
    lastShipped,
    async unshipped(limit) {
      const rows = await store.db
        .selectFrom('audit_checkpoints')
        .select('statement')
        .where('seq', '>', (await lastShipped())?.seq ?? 0)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(({ statement }) => AuditCheckpoint.parse(JSON.parse(statement)))
    },
    async shipped(seq) {
      await store.transaction((trx) =>
        trx
          .insertInto('audit_checkpoints_shipped')
          .values({ seq, at: clock() })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      )
    },
    async verifyAgainst(checkpoints) {
      for (const checkpoint of checkpoints) mustBeOurs(checkpoint)
      for (const { seq, hash } of checkpoints.toSorted((a, b) => a.seq - b.seq)) {
        const row = await store.db
          .selectFrom('audit')
          .select('hash')
          .where('seq', '=', seq)
          .executeTakeFirst()
        if (row?.hash === hash) continue
        const last = (await lastRow(store.db))?.seq ?? 0
        return { seq: Math.min(seq, last + 1), fault: row || last < seq ? 'truncated' : 'deleted' }
      }
      return null
    },
  }
}

interface Deps {
  store: Store
  protection: Protection
  clock: Clock
  gatewayId: string
}

/** The bytes that are signed: canonical JSON (RFC 8785) of everything but the signature. */
function signed({ gatewayId, seq, hash, at, signer }: Omit<AuditCheckpoint, 'signature'>): Buffer {
  return Buffer.from(canonicalize({ gatewayId, seq, hash, at, signer }) ?? '', 'utf8')
}

/** Whether the certificate's key signed it; for who keeps checkpoints and pinned the certificate. */
export function isSigned(checkpoint: AuditCheckpoint, certificatePem: string): boolean {
  return isSignedBy(certificatePem, signed(checkpoint), Buffer.from(checkpoint.signature, 'base64'))
}

const lastRow = (db: Queries) =>
  db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()

async function newest(db: Queries): Promise<AuditCheckpoint | null> {
  const row = await db
    .selectFrom('audit_checkpoints')
    .select('statement')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? AuditCheckpoint.parse(JSON.parse(row.statement)) : null
}
