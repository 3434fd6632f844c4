import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { CheckpointFile } from '../audit/index.ts'
import { type GatewayConfig, readConfig } from '../config/index.ts'
import { dataDirectory } from '../data-directory/index.ts'
import { checkDatabase } from './check-database.ts'
import type { Actor } from './context.ts'
import { BackupDamaged, failureCode, MasterKeyNeeded } from './damaged.ts'
import { type KeySource, protectionFrom } from './key-rows.ts'
import { type Attested, checkOf, compareCopy, ownCheckpoints } from './known-lost.ts'
import { databasePath, manifestKey } from './layout.ts'
import { type Header, type Manifest, type Opening, readHeader } from './manifest.ts'
import { noteRestore } from './note-restore.ts'
import { type Check, checkCopy, openCopy } from './opened-copy.ts'
import { syncDirectory } from './places/directory.ts'
import { type Place, PlaceError } from './places/place.ts'
import { backupIds, readChain, readManifest, rebuildFiles } from './read-backup.ts'
import { outsideFiles } from './sources.ts'

export interface Restored {
  backupId: string
  /** Everything committed before is there; nothing of after. */
  coversUntil: number
  files: number
  bytes: number
  checks: Check[]
  /** What the checkpoints that it was held against say; null where there were none. */
  attested: Attested | null
  /**
   * Where the master key's text was put, below the new directory; null where it was not given, or belongs elsewhere. `configured`:
   * what the restored configuration names.
   */
  masterKey: { file: string | null; configured: GatewayConfig['masterKey']['kind'] }
  /** Newer ones, or newer up to the moment asked for, that could not be used, and why. */
  passedOver: { id: string; why: string }[]
  /** Files that the restored configuration names outside its directory and that are not there: no backup has them. */
  absent: string[]
  /** A folder of studies below the directory: what others put there is in no backup. Null where there is none. */
  studies: string | null
}

export interface Restoring extends KeySource {
  place: Place
  /** A directory that does not exist. It does so only once everything is in it and was checked. */
  to: string
  /** The newest state up to this moment; absent: the newest. */
  at?: number
  /** Text of a master key file, to put where the restored configuration looks for it, else where one would lie by itself. */
  masterKeyText?: string
  /** Signed checkpoints of the audit that were kept elsewhere; those of other gateways do not count. */
  checkpoints?: readonly CheckpointFile[]
  signal?: AbortSignal
  onBytes?: (done: number, total: number) => void
  /** Who the restored audit is to name; absent (a drill): nothing is written into it. */
  actor?: Actor
}

/** What a restore that did not come to its end has left: the next one to the same directory takes it away. */
const unfinished = (to: string) => `${to}.unfinished`

/**
 * Restores a gateway into a new directory: files and database as of the newest backup up to a moment, from the full backup
 * on; then has SQLite check the database, opens it by the keys of the backup, and verifies row seals and the audit's chain.
 * A backup that is damaged is passed over for the one before it, and told.
 * @throws Error where the directory exists or no backup can be used.
 */
export async function restoreBackup(deps: Restoring): Promise<Restored> {
  const to = resolve(deps.to)
  if (existsSync(to)) throw new Error(`${to}: exists; a restore makes a new directory`)
  const passedOver: Restored['passedOver'] = []
  const headers = await readHeaders(deps.place, passedOver)
  const wanted = headers.filter(({ coversUntil }) => deps.at === undefined || coversUntil <= deps.at)
  if (wanted.length === 0) throw noneUsable(deps, passedOver)
  const checkpoints = ownCheckpoints(deps.checkpoints ?? [], wanted[0]?.gatewayId ?? '')
  const opening = await openKeys(headers, deps)
  for (const header of wanted) {
    await rm(unfinished(to), { recursive: true, force: true })
    await mkdir(unfinished(to), { recursive: true, mode: 0o700 })
    try {
      const manifest = await readManifest(deps.place, header.id, opening)
      const restored = await restoreOne(manifest, opening, { ...deps, to, checkpoints })
      await rename(unfinished(to), to)
      await syncDirectory(dirname(to))
      return { ...restored, passedOver }
    } catch (error) {
      await rm(unfinished(to), { recursive: true, force: true })
      if (!(error instanceof BackupDamaged || error instanceof MasterKeyNeeded)) throw error
      passedOver.push({ id: header.id, why: error.message })
    }
  }
  throw noneUsable(deps, passedOver)
}

function noneUsable({ place, at }: Restoring, passedOver: Restored['passedOver']): Error {
  const reasons = passedOver.map(({ id, why }) => `\n  ${id}: ${why}`).join('')
  const until = at === undefined ? '' : ` up to ${new Date(at).toISOString()}`
  return new Error(`${place.name}: no backup${until} that can be restored${reasons}`)
}

/** Newest first. */
async function readHeaders(place: Place, passedOver: Restored['passedOver']): Promise<Header[]> {
  const headers: Header[] = []
  for (const id of await backupIds(place)) {
    try {
      headers.push(readHeader(id, await place.get(manifestKey(id))))
    } catch (error) {
      // Taken away by the retention since the names were read.
      if (error instanceof PlaceError && error.code === 'absent') continue
      if (!(error instanceof BackupDamaged)) throw error
      passedOver.push({ id, why: error.message })
    }
  }
  return headers.sort((a, b) => b.coversUntil - a.coversUntil)
}

/** By the newest backup's keys, which open the older ones too: keys are never taken away. */
async function openKeys(headers: readonly Header[], deps: KeySource): Promise<Opening> {
  let first: unknown = null
  for (const header of headers) {
    try {
      return await protectionFrom(header, deps)
    } catch (error) {
      if (!(error instanceof BackupDamaged || error instanceof MasterKeyNeeded)) throw error
      first ??= error
    }
  }
  throw first ?? new Error('no backup is there')
}

async function restoreOne(
  manifest: Manifest,
  opening: Opening,
  deps: Restoring,
): Promise<Omit<Restored, 'passedOver'>> {
  const root = unfinished(deps.to)
  const chain = await readChain(deps.place, manifest, opening)
  const files = await rebuildFiles(chain, root, { ...deps, opening })
  const database = join(root, databasePath)
  const { faults, orphans, rows } = await checkDatabase(database)
  if (faults > 0) throw new BackupDamaged(manifest.id, 'the database (integrity_check)')
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
  const checks: Check[] = [
    { name: 'files', passed: true, figure: String(files.length) },
    { name: 'database', passed: true, figure: String(total) },
    { name: 'foreign-keys', passed: orphans === 0, figure: String(orphans) },
  ]
  const config = await readConfig(join(root, 'vigil.yaml'), deps.to)
  const keyFile = masterKeyFile(config, deps)
  if (keyFile !== null && deps.masterKeyText !== undefined)
    await writeFile(root + keyFile.slice(deps.to.length), deps.masterKeyText, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
  // The hospital's own studies are in no backup; the gateway starts without them.
  const { archive } = config
  const studies = archive.kind === 'folder' && archive.path.startsWith(deps.to) ? archive.path : null
  if (studies) await mkdir(root + studies.slice(deps.to.length), { recursive: true, mode: 0o750 })
  const copy = await openCopy(manifest.id, database, deps).catch((cause: unknown) => {
    if (cause instanceof MasterKeyNeeded) throw cause
    throw new BackupDamaged(manifest.id, `the database (${failureCode(cause)})`, { cause })
  })
  let attested: Attested | null = null
  try {
    checks.push(...(await checkCopy(copy)))
    if (deps.checkpoints && deps.checkpoints.length > 0) {
      attested = await compareCopy(copy, deps.checkpoints, manifest.coversUntil)
      checks.push(checkOf(attested))
    }
    const from = config.backup.offSite.some(({ name }) => name === deps.place.name) ? deps.place.name : null
    if (deps.actor)
      await noteRestore(copy, manifest, { actor: deps.actor, checks, attested, from, at: deps.clock() })
  } finally {
    await copy.store.close()
  }
  return {
    backupId: manifest.id,
    coversUntil: manifest.coversUntil,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    checks,
    attested,
    masterKey: { file: keyFile, configured: config.masterKey.kind },
    absent: outsideFiles(config, deps.to).filter((file) => !existsSync(file)),
    studies,
  }
}

/** Below the new directory, or null. */
function masterKeyFile({ masterKey }: GatewayConfig, { masterKeyText, to }: Restoring): string | null {
  if (masterKeyText === undefined) return null
  const file = (masterKey.kind === 'file' && masterKey.path) || dataDirectory(to).masterKey
  return file.startsWith(to + sep) ? file : null
}
