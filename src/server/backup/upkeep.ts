import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { catalogue, type KnownBackup } from './catalogue.ts'
import { type Actor, type BackupContext, backupAct } from './context.ts'
import { BackupDamaged } from './damaged.ts'
import { chunkKey, manifestKey } from './layout.ts'
import { backupIds, readManifest } from './read-backup.ts'
import { type Kept, mayGo } from './retention.ts'
import { proveBackup, sizeOf } from './write-backup.ts'

/**
 * Brings the catalogue in line with the backup directory: what was being made by a process that is no more has failed, or is
 * good where it had its name already; what is there and not known is taken in; what is known as good and not there is told.
 */
export async function alignCatalogue(context: BackupContext): Promise<void> {
  const { foundation, local, work } = context
  const { store, protection, audit, alarms, gatewayId, clock } = foundation
  const actor = { kind: 'gateway', id: gatewayId } as const
  const release = await work.holdWriting()
  try {
    await store.db
      .updateTable('backup_transfers')
      .set({ outcome: 'failed', error: 'interrupted', finished_at: clock() })
      .where('outcome', '=', 'running')
      .execute()
    const known = new Map((await catalogue.all(store.db)).map((row) => [row.id, row]))
    const present = new Set(await backupIds(local))
    for (const id of present) {
      const state = known.get(id)?.state
      if (state === 'good' || state === 'damaged') continue
      const manifest = await readManifest(local, id, protection).catch((error: unknown) => {
        if (error instanceof BackupDamaged) return null
        throw error
      })
      if (!manifest) {
        context.foundation.log.error({ backup: id }, 'a backup that is not known cannot be read')
        await alarms.raise({
          kind: 'backup-damaged',
          severity: 'serious',
          subject: id,
          facts: { code: 'damaged' },
        })
        continue
      }
      const { kind, parent, startedAt, coversUntil } = manifest
      await store.transaction(async (trx) => {
        await catalogue.put(trx, {
          id,
          kind,
          parent,
          started_at: startedAt,
          finished_at: coversUntil,
          covers_until: coversUntil,
          bytes: sizeOf(manifest),
          state: 'good',
          // It had been read back before it got its name.
          verified_at: coversUntil,
          error: null,
        })
        await audit.append(
          trx,
          backupAct('backup.made', id, actor, { kind, parent, coversUntil, found: true }),
        )
      })
    }
    let missing = 0
    for (const row of known.values()) {
      if (present.has(row.id)) continue
      if (row.state === 'running')
        await catalogue.change(store.db, row.id, {
          state: 'failed',
          error: 'interrupted',
          finished_at: clock(),
        })
      if (row.state !== 'good') continue
      missing += 1
      await catalogue.change(store.db, row.id, { state: 'damaged', error: 'missing' })
    }
    if (missing > 0)
      await alarms.raise({
        kind: 'backup-damaged',
        severity: 'serious',
        subject: 'missing',
        facts: { code: 'missing', count: missing },
      })
  } finally {
    release()
  }
}

/** Marks a backup as damaged, with all that stand on it, and raises the alarm. Nothing where it is not counted as good any more. */
export async function markDamaged(context: BackupContext, damage: BackupDamaged): Promise<void> {
  const { store, audit, alarms, gatewayId } = context.foundation
  const good = await catalogue.good(store.db)
  const hit = withDescendants(good, damage.backupId)
  if (hit.length === 0) return
  const actor = { kind: 'gateway', id: gatewayId } as const
  await store.transaction(async (trx) => {
    for (const { id } of hit) {
      const error = id === damage.backupId ? 'damaged' : 'stands-on-damaged'
      await catalogue.change(trx, id, { state: 'damaged', error })
    }
    const detail = { part: damage.part, with: hit.length - 1 }
    await audit.append(trx, backupAct('backup.verified', damage.backupId, actor, detail, 'failed'))
  })
  await alarms.raise({
    kind: 'backup-damaged',
    severity: 'serious',
    subject: damage.backupId,
    facts: { code: 'damaged', count: hit.length },
  })
}

function withDescendants(good: readonly KnownBackup[], id: string): KnownBackup[] {
  const byId = new Map(good.map((row) => [row.id, row]))
  const standsOn = (row: KnownBackup | undefined): boolean =>
    row !== undefined && (row.id === id || (row.parent !== null && standsOn(byId.get(row.parent))))
  return good.filter(standsOn)
}

/**
 * Proves one backup by rebuilding all of it, and notes it.
 * @throws BackupDamaged, once it is marked so.
 */
export async function verifyBackup(
  context: BackupContext,
  id: string,
  deps: { actor: Actor; signal?: AbortSignal; onBytes?: (done: number, total: number) => void },
): Promise<{ bytes: number; rows: number }> {
  const { foundation, local, work } = context
  const { store, audit, alarms, clock, protection } = foundation
  const room = await work.open('proof')
  try {
    const { bytes, rows } = await proveBackup(id, room.path, { place: local, opening: protection, ...deps })
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
    await store.transaction(async (trx) => {
      await catalogue.change(trx, id, { verified_at: clock(), state: 'good', error: null })
      await audit.append(trx, backupAct('backup.verified', id, deps.actor, { bytes, rows: total }))
    })
    await alarms.clear('backup-damaged', id)
    return { bytes, rows: total }
  } catch (error) {
    if (error instanceof BackupDamaged) await markDamaged(context, error)
    throw error
  } finally {
    await room.close()
  }
}

/** Reads every chunk of every backup that is kept, and holds it against its hash. @returns bytes read. */
export async function checkKept(context: BackupContext, signal?: AbortSignal): Promise<number> {
  const { foundation, local, directory } = context
  let read = 0
  for (const { id } of await catalogue.good(foundation.store.db)) {
    try {
      const { chunks } = await readManifest(local, id, foundation.protection)
      for (const [number, { bytes, sha256 }] of chunks.entries()) {
        signal?.throwIfAborted()
        const hash = createHash('sha256')
        const readable = createReadStream(join(directory, chunkKey(id, number)))
        await pipeline(readable, hash).catch((cause: unknown) => {
          throw new BackupDamaged(id, `chunk ${number}`, { cause })
        })
        if (hash.digest('hex') !== sha256) throw new BackupDamaged(id, `chunk ${number}`)
        read += bytes
      }
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error
      // Taken away by the retention meanwhile, perhaps.
      if ((await catalogue.good(foundation.store.db)).some((row) => row.id === id))
        await markDamaged(context, error)
    }
  }
  return read
}

const keptAs = ({ id, kind, parent, covers_until }: KnownBackup): Kept => ({
  id,
  kind,
  parent,
  coversUntil: covers_until ?? 0,
})

/** Removes what the retention lets go. @returns the ids. */
export async function removeOld(context: BackupContext): Promise<string[]> {
  const { foundation, directory, work } = context
  const { store, audit, clock, config, gatewayId } = foundation
  const release = await work.holdWriting()
  try {
    const copies = await catalogue.copies(store.db)
    const copied = new Set(copies.map(({ id }) => id))
    const kept = (await catalogue.kept(store.db)).filter(
      ({ id, state }) => state === 'good' || copied.has(id),
    )
    const elsewhere = new Set(kept.filter(({ state }) => state === 'elsewhere').map(({ id }) => id))
    const sent = (id: string) =>
      elsewhere.has(id) ||
      config.backup.offSite.every(({ name }) => copies.some((copy) => copy.id === id && copy.place === name))
    const gone = mayGo(kept.map(keptAs), config.backup.keep, clock(), sent)
    for (const id of gone) {
      // From here on it does not exist; what is left of it is cleared with the next backup.
      if (!elsewhere.has(id))
        await rename(join(directory, manifestKey(id)), join(directory, `${manifestKey(id)}.removed`))
      await store.transaction(async (trx) => {
        await catalogue.change(trx, id, { state: 'removed' })
        const actor = { kind: 'gateway', id: gatewayId } as const
        const place = elsewhere.has(id) ? 'elsewhere' : 'local'
        await audit.append(trx, backupAct('backup.removed', id, actor, { place }))
      })
      await rm(join(directory, id), { recursive: true, force: true })
    }
    return gone
  } finally {
    release()
  }
}
