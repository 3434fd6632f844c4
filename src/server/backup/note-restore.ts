import { catalogue } from './catalogue.ts'
import { type Actor, backupAct } from './context.ts'
import type { Attested } from './known-lost.ts'
import type { Manifest } from './manifest.ts'
import type { Check, OpenCopy } from './opened-copy.ts'
import { sizeOf } from './write-backup.ts'

/**
 * The database of the backup knows it as one that is being made, and the others as lying on the machine that was left: here is
 * none of them, but where a place has a copy.
 */
export async function noteRestore(
  { store, audit }: OpenCopy,
  manifest: Manifest,
  {
    actor,
    checks,
    attested,
    from,
    at,
  }: {
    actor: Actor
    checks: readonly Check[]
    attested: Attested | null
    /** The off-site place that it came from. */
    from: string | null
    at: number
  },
): Promise<void> {
  const { id, kind, parent, coversUntil } = manifest
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name)
  await store.transaction(async (trx) => {
    for (const row of await catalogue.good(trx)) await catalogue.change(trx, row.id, { state: 'elsewhere' })
    await catalogue.change(trx, id, {
      kind,
      parent,
      covers_until: coversUntil,
      bytes: sizeOf(manifest),
      state: 'elsewhere',
    })
    if (from !== null) await catalogue.copied(trx, id, from, at)
    const detail = { coversUntil, failed, ...(attested ? { checkpoint: attested } : {}) }
    await audit.append(trx, backupAct('backup.restored', id, actor, detail))
  })
}
