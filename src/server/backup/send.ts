import type { Progress } from '../../shared/api/protection.ts'
import { catalogue } from './catalogue.ts'
import { type BackupContext, backupAct } from './context.ts'
import { BackupDamaged, failureCode } from './damaged.ts'
import { chunkKey, manifestKey } from './layout.ts'
import { type Manifest, openManifest, sha256 } from './manifest.ts'
import type { PlaceConfig } from './places/open.ts'
import { createPace } from './places/pace.ts'
import { type Place, PlaceError, type Transfer } from './places/place.ts'

/** What waits for a place: chain by chain, the newest first, each from the full one on. `good`: newest first. */
export function waitingFor<B extends { id: string; parent: string | null }>(
  good: readonly B[],
  there: ReadonlySet<string>,
): B[] {
  const byId = new Map(good.map((backup) => [backup.id, backup]))
  const order: B[] = []
  const queued = new Set(there)
  const enqueue = (backup: B): void => {
    if (queued.has(backup.id)) return
    queued.add(backup.id)
    const parent = backup.parent === null ? undefined : byId.get(backup.parent)
    if (parent) enqueue(parent)
    order.push(backup)
  }
  for (const backup of good) enqueue(backup)
  return order
}

/**
 * Brings one good backup to a place: the chunks that are not there, then reads all of them back, then the manifest. What was
 * sent before a line was cut is not sent again.
 * @returns bytes sent.
 * @throws PlaceError; BackupDamaged where the backup here is not what was written.
 */
export async function sendBackup(
  context: BackupContext,
  id: string,
  config: PlaceConfig,
  deps: { place: Place; signal?: AbortSignal; onProgress?: (progress: Progress) => void },
): Promise<number> {
  const { foundation, local } = context
  const { store, clock, audit, random } = foundation
  const { place, signal } = deps
  const startedAt = clock()
  const transferId = Buffer.from(random(12)).toString('base64url')
  const transfer = { id: transferId, backup_id: id, place: config.name, started_at: startedAt, error: null }
  await store.db
    .insertInto('backup_transfers')
    .values({ ...transfer, finished_at: null, bytes: 0, outcome: 'running' })
    .execute()
  let sent = 0
  const ended = { finished_at: 0, bytes: 0 }
  try {
    const options = transferOptions(config, signal)
    const manifestBytes = await local.get(manifestKey(id)).catch((cause: unknown) => {
      throw cause instanceof PlaceError ? new BackupDamaged(id, 'manifest missing') : cause
    })
    const manifest = await openManifest(id, manifestBytes, foundation.protection)
    const total = manifest.chunks.reduce((sum, { bytes }) => sum + bytes, manifestBytes.length)
    let done = 0
    const told = (bytes: number) => {
      done += bytes
      deps.onProgress?.({ done, total, startedAt })
    }

    for (const [number, { bytes }] of manifest.chunks.entries()) {
      signal?.throwIfAborted()
      const key = chunkKey(id, number)
      const there = (await place.size(key)) ?? 0
      if (there < bytes) {
        await place.put(key, await localChunk(local, manifest, number), options)
        sent += bytes - there
      }
      told(bytes)
    }
    for (const number of manifest.chunks.keys()) {
      signal?.throwIfAborted()
      sent += await proveCopy(manifest, number, { local, place, options })
    }
    await putWhole(place, manifestKey(id), manifestBytes, options)
    sent += manifestBytes.length
    told(manifestBytes.length)
    ended.finished_at = clock()
    ended.bytes = sent
    await store.transaction(async (trx) => {
      await catalogue.copied(trx, id, config.name, clock())
      await trx
        .updateTable('backup_transfers')
        .set({ ...ended, outcome: 'whole' })
        .where('id', '=', transferId)
        .execute()
      const seconds = Math.round((clock() - startedAt) / 1000)
      const actor = { kind: 'gateway', id: foundation.gatewayId } as const
      await audit.append(
        trx,
        backupAct('backup.sent', id, actor, { place: config.name, bytes: sent, seconds }),
      )
    })
    return sent
  } catch (error) {
    await store.db
      .updateTable('backup_transfers')
      .set({ finished_at: clock(), bytes: sent, outcome: 'failed', error: sendCode(error) })
      .where('id', '=', transferId)
      .execute()
    throw error
  }
}

export function sendCode(error: unknown): string {
  return error instanceof PlaceError ? error.code : failureCode(error)
}

function transferOptions(config: PlaceConfig, signal: AbortSignal | undefined): Transfer {
  const pace = config.bandwidthKiB ? createPace(config.bandwidthKiB * 1024) : null
  return {
    ...(signal ? { signal } : {}),
    ...(pace ? { pace: (bytes: number) => pace(bytes, signal) } : {}),
  }
}

/** As it was written, or not at all. */
async function localChunk(local: Place, { id, chunks }: Manifest, number: number): Promise<Buffer> {
  const bytes = await local.get(chunkKey(id, number)).catch((cause: unknown) => {
    throw cause instanceof PlaceError ? new BackupDamaged(id, `chunk ${number} missing`, { cause }) : cause
  })
  if (sha256(bytes) !== chunks[number]?.sha256) throw new BackupDamaged(id, `chunk ${number}`)
  return bytes
}

/** Reads a chunk back; one that differs is taken away and sent once more. @returns bytes sent again. */
async function proveCopy(
  manifest: Manifest,
  number: number,
  { local, place, options }: { local: Place; place: Place; options: Transfer },
): Promise<number> {
  const key = chunkKey(manifest.id, number)
  const isSame = async () => sha256(await place.get(key)) === manifest.chunks[number]?.sha256
  if (await isSame()) return 0
  const bytes = await localChunk(local, manifest, number)
  await replace(place, key, bytes, options)
  if (await isSame()) return bytes.length
  throw new PlaceError(place.name, 'differs')
}

/** @throws PlaceError `differs` also where the place keeps what is wrong: the next backup, under its own name, is not hindered. */
async function replace(place: Place, key: string, bytes: Buffer, options: Transfer): Promise<void> {
  await place.remove(key).catch((cause: unknown) => {
    const keepsIt = cause instanceof PlaceError && cause.code === 'refused'
    throw keepsIt ? new PlaceError(place.name, 'differs', { cause }) : cause
  })
  await place.put(key, bytes, options)
}

async function putWhole(place: Place, key: string, bytes: Buffer, options: Transfer): Promise<void> {
  const there = await place.size(key)
  // A beginning of it, of an attempt that was cut off, is gone on with; the reading back proves the whole.
  if (there === null || there < bytes.length) await place.put(key, bytes, options)
  if ((await place.get(key)).equals(bytes)) return
  await replace(place, key, bytes, options)
  if (!(await place.get(key)).equals(bytes)) throw new PlaceError(place.name, 'differs')
}

/** A place that refused to have something removed is asked again after so long: what is locked is so for days. */
const askAgainMs = 86_400_000

/**
 * Takes away, at the places that let it, copies of what the retention has let go. An append-only place, or one that holds a lock on
 * them, keeps them: that is noted and told, and no failure.
 */
export async function removeCopies(context: BackupContext, config: PlaceConfig, place: Place): Promise<void> {
  if (config.kind === 's3' && config.lockDays) return
  const { store, clock, audit, gatewayId } = context.foundation
  const actor = { kind: 'gateway', id: gatewayId } as const
  const detail = { place: config.name }
  for (const { id, refusedAt } of await catalogue.overdue(store.db, config.name)) {
    if (refusedAt !== null && clock() - refusedAt < askAgainMs) continue
    const refused = await refusesRemoval(place, id)
    await store.transaction(async (trx) => {
      if (!refused) await catalogue.copyRemoved(trx, id, config.name, clock())
      else await catalogue.copyRefused(trx, id, config.name, clock())
      await audit.append(trx, backupAct('backup.removed', id, actor, detail, refused ? 'refused' : 'success'))
    })
  }
}

/** @returns true where the place did not let it. @throws PlaceError where it cannot be asked. */
async function refusesRemoval(place: Place, id: string): Promise<boolean> {
  try {
    // The manifest first: without it the rest is no backup.
    await place.remove(manifestKey(id))
    for (const name of await place.names(`${id}/`)) await place.remove(`${id}/${name}`)
    return false
  } catch (error) {
    if (error instanceof PlaceError && error.code === 'refused') return true
    throw error
  }
}
