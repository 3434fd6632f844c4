import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupKind } from '../../shared/api/backup.ts'
import { catalogue } from './catalogue.ts'
import { type Actor, type BackupContext, backupAct } from './context.ts'
import { BackupDamaged, BackupRefused, failureCode } from './damaged.ts'
import { wrappedKeyRows } from './key-rows.ts'
import { backupIdPattern, databasePath, manifestKey, newBackupId, unprovenManifestKey } from './layout.ts'
import type { Header, Manifest } from './manifest.ts'
import { readChain, readManifest } from './read-backup.ts'
import { snapshotDatabase } from './snapshot.ts'
import { sourceFiles } from './sources.ts'
import { fileSize, nameBackup, proveBackup, type Source, sizeOf, writeBackup } from './write-backup.ts'

const mebibyte = 1024 * 1024

/**
 * Makes one backup: a copy of the database as of one moment, then the files beside it, sealed block by block; reads every
 * byte back and rebuilds it; only then gives it the name that makes it count. An incremental with nothing good to stand on
 * becomes a full one.
 * @returns its id.
 * @throws BackupRefused `conflict` where another is being made, `disk-full`; whatever the disk says. Nothing of it counts then.
 */
export async function makeBackup(
  context: BackupContext,
  wanted: BackupKind,
  deps: { actor: Actor; signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<string> {
  const { foundation, directory, local, work, paths } = context
  const { store, clock, protection, audit, gatewayId } = foundation
  const release = await work.holdWriting()
  try {
    const startedAt = clock()
    const id = newBackupId(startedAt, foundation.random(4))
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await clearLeftovers(context)
    const parent = wanted === 'full' ? null : await newestSound(context)
    const kind: BackupKind = parent ? 'incremental' : 'full'
    const row = { id, kind, parent: parent?.id ?? null, started_at: startedAt, bytes: 0 }
    await catalogue.put(store.db, {
      ...row,
      finished_at: null,
      covers_until: null,
      state: 'running',
      verified_at: null,
      error: null,
    })
    try {
      const expected = (await fileSize(paths.database)) + (await fileSize(`${paths.database}-wal`))
      await enoughFree(context, expected)
      const room = await work.open('backup')
      try {
        const snapshot = join(room.path, databasePath)
        const { coversUntil, bytes } = await snapshotDatabase(paths.database, snapshot, { ...deps, clock })
        await chmod(snapshot, 0o600)
        const header: Header = {
          format: 'vigil-backup-1',
          id,
          gatewayId,
          kind,
          parent: row.parent,
          startedAt,
          coversUntil,
          keys: await wrappedKeyRows(store.db),
        }
        let done = 0
        // Written once, read once.
        const told = (more: number) => {
          done += more
          deps.onProgress?.(done, 2 * bytes)
        }
        const manifest = await writeBackup(header, await sources(context, snapshot), parent, {
          directory,
          place: local,
          protection,
          ...(deps.signal ? { signal: deps.signal } : {}),
          onBytes: told,
        })
        await rm(snapshot)
        const proof = join(room.path, 'proof')
        await mkdir(proof, { mode: 0o700 })
        await proveBackup(id, proof, {
          place: local,
          opening: protection,
          key: unprovenManifestKey(id),
          ...(deps.signal ? { signal: deps.signal } : {}),
          onBytes: (read, total) => deps.onProgress?.(bytes + (bytes * read) / Math.max(1, total), 2 * bytes),
        })
        await nameBackup(directory, id)
        const finishedAt = clock()
        await store.transaction(async (trx) => {
          await catalogue.put(trx, {
            ...row,
            bytes: sizeOf(manifest),
            finished_at: finishedAt,
            covers_until: coversUntil,
            state: 'good',
            verified_at: finishedAt,
            error: null,
          })
          const detail = {
            kind,
            parent: row.parent,
            bytes: sizeOf(manifest),
            coversUntil,
            files: manifest.files.length,
          }
          await audit.append(trx, backupAct('backup.made', id, deps.actor, detail))
        })
        return id
      } finally {
        await room.close().catch(() => undefined)
      }
    } catch (error) {
      await giveUp(context, id, deps.actor, kind, error)
      throw error
    }
  } finally {
    release()
  }
}

async function giveUp(context: BackupContext, id: string, actor: Actor, kind: BackupKind, error: unknown) {
  const { foundation, directory, local } = context
  // Named already: it is good, only the catalogue does not know; the next look at the directory tells it.
  const counts = await local.size(manifestKey(id)).catch(() => null)
  if (counts !== null) return
  await rm(join(directory, id), { recursive: true, force: true }).catch(() => undefined)
  const code = failureCode(error)
  // The database may be on the same full disk.
  try {
    await foundation.store.transaction(async (trx) => {
      await catalogue.change(trx, id, { state: 'failed', error: code, finished_at: foundation.clock() })
      await foundation.audit.append(trx, backupAct('backup.made', id, actor, { kind, code }, 'failed'))
    })
  } catch (failure) {
    foundation.log.error({ code, also: failureCode(failure) }, 'a failed backup could not be recorded')
  }
}

/** Unfinished backups, and copies that lay unsealed for a while, of processes that are no more. Under the writing lock. */
async function clearLeftovers({ directory, local, work }: BackupContext): Promise<void> {
  await work.clear()
  for (const name of await readdir(directory)) {
    if (backupIdPattern.test(name) && (await local.size(manifestKey(name))) === null)
      await rm(join(directory, name), { recursive: true, force: true })
  }
}

/** Twice the database: the copy of it and what is rebuilt of it lie one after the other, the backup itself beside them. */
async function enoughFree({ foundation, directory, work }: BackupContext, database: number): Promise<void> {
  const { alarms, config } = foundation
  for (const place of [directory, work.root]) {
    const { bavail, bsize } = await statfs(place)
    const freeMiB = Math.floor((bavail * bsize) / mebibyte)
    if (bavail * bsize >= config.backup.leastFreeMiB * mebibyte + 2 * database) continue
    await alarms.raise({ kind: 'disk-full', severity: 'serious', subject: 'backup', facts: { freeMiB } })
    throw new BackupRefused('disk-full', { freeMiB })
  }
  await alarms.clear('disk-full', 'backup')
}

/** What an incremental can stand on: the newest good one whose chain of manifests opens. */
async function newestSound({ foundation, local }: BackupContext): Promise<Manifest | null> {
  const { store, protection } = foundation
  const good = await catalogue.good(store.db)
  for (const { id } of good) {
    try {
      const manifest = await readManifest(local, id, protection)
      const chain = await readChain(local, manifest, protection)
      if (chain.every((one) => good.some((row) => row.id === one.id))) return manifest
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error
    }
  }
  return null
}

async function sources(
  { paths, foundation, directory, work }: BackupContext,
  snapshot: string,
): Promise<Source[]> {
  const own = { backups: directory, work: work.root }
  const files = await sourceFiles(paths, foundation.config, own)
  return [
    { path: databasePath, file: snapshot },
    ...files.map((path) => ({ path, file: join(paths.root, path) })),
  ]
}
