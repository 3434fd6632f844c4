import { type CheckpointFile, fingerprintOf, isSigned, readEvidenceSigner } from '../audit/index.ts'
import type { Check, OpenCopy } from './opened-copy.ts'

/** Audit records that were made after what was restored: their numbers, and between which times they were made (epoch ms). */
export interface KnownLost {
  first: number
  last: number
  records: number
  from: number
  until: number
}

/** What signed checkpoints that were kept elsewhere say of a restored audit. */
export type Attested =
  /** It has every record that they attest. */
  | { kind: 'whole'; seq: number }
  /** It ends before the newest of them, which was signed after the backup was made: what every restore loses. */
  | { kind: 'lost'; seq: number; lost: KnownLost }
  /** It contradicts one: this record is another, or was gone already when the backup was made. Somebody did that. */
  | { kind: 'tampered'; seq: number; how: 'changed' | 'truncated' }
  /** Signed by another key than the restored gateway's. */
  | { kind: 'not-ours'; seq: number; signer: string }

type Statement = Pick<CheckpointFile, 'seq' | 'hash' | 'at'>

/**
 * Tells what was lost by going back to a backup from what somebody took away or changed. A checkpoint up to the restored end
 * must name the record that is there; one beyond it was signed after the backup's moment, or records were missing already.
 */
export async function attested(
  restored: {
    /** The last record, and when it was made. */
    end: { seq: number; at: number }
    coversUntil: number
    hashAt: (seq: number) => Promise<string | null>
  },
  checkpoints: readonly Statement[],
): Promise<Attested> {
  const { end, coversUntil, hashAt } = restored
  let newest = { seq: 0, at: 0 }
  for (const { seq, hash, at } of checkpoints.toSorted((a, b) => a.seq - b.seq)) {
    if (seq <= end.seq && (await hashAt(seq)) !== hash) return { kind: 'tampered', seq, how: 'changed' }
    if (seq > end.seq && at <= coversUntil) return { kind: 'tampered', seq: end.seq + 1, how: 'truncated' }
    newest = { seq, at }
  }
  if (newest.seq <= end.seq) return { kind: 'whole', seq: newest.seq }
  const lost = { first: end.seq + 1, last: newest.seq, records: newest.seq - end.seq }
  return { kind: 'lost', seq: end.seq, lost: { ...lost, from: end.at, until: newest.at } }
}

/**
 * Holds an opened copy against checkpoints. One that the copy's own signer did not sign says nothing; a copy from before there
 * was a signer takes them as they are, by the certificate that they bring along.
 */
export async function compareCopy(
  { store, protection }: OpenCopy,
  checkpoints: readonly CheckpointFile[],
  coversUntil: number,
): Promise<Attested> {
  const signer = await readEvidenceSigner(store.db, protection)
  const foreign = signer && checkpoints.find((one) => one.signer !== signer.fingerprint)
  if (foreign) return { kind: 'not-ours', seq: foreign.seq, signer: foreign.signer }
  const last = await store.db
    .selectFrom('audit')
    .select(['seq', 'at'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const end = last ?? { seq: 0, at: 0 }
  async function hashAt(seq: number): Promise<string | null> {
    const row = await store.db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst()
    return row?.hash ?? null
  }
  return attested({ end, coversUntil, hashAt }, checkpoints)
}

/**
 * Those of this gateway: a log server's file has others' too.
 * @throws Error where none of what was given is, or a signature does not hold.
 */
export function ownCheckpoints(given: readonly CheckpointFile[], gatewayId: string): CheckpointFile[] {
  const own = given.filter((checkpoint) => checkpoint.gatewayId === gatewayId)
  if (own.length === 0 && given[0])
    throw new Error(`checkpoint of record ${given[0].seq}: of another gateway`)
  for (const checkpoint of own) {
    const { seq, certificate, signer } = checkpoint
    if (!isSigned(checkpoint, certificate) || fingerprintOf(certificate) !== signer)
      throw new Error(`checkpoint of record ${seq}: its signature does not hold`)
  }
  return own
}

/** As the other checks of a restore: `figure` in numbers and UTC, for whoever reads it in whichever language. */
export function checkOf(attested: Attested): Check {
  const name = 'checkpoint'
  const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
  if (attested.kind === 'whole') return { name, passed: true, figure: String(attested.seq) }
  if (attested.kind === 'lost') {
    const { first, last, records, from, until } = attested.lost
    return {
      name: 'known-lost',
      passed: true,
      figure: `${records} (${first}–${last}, ${utc(from)} – ${utc(until)})`,
    }
  }
  const how = attested.kind === 'not-ours' ? 'not-ours' : attested.how
  return { name, passed: false, figure: `${attested.seq}: ${how}` }
}
