import { BackupDamaged, MasterKeyNeeded } from './damaged.ts'
import { type KeySource, protectionFrom } from './key-rows.ts'
import { chunkName, manifestKey } from './layout.ts'
import { type Header, type Manifest, type Opening, openManifest, readHeader } from './manifest.ts'
import type { Place } from './places/place.ts'
import { backupIds } from './read-backup.ts'
import { proveBackup, sizeOf } from './write-backup.ts'

/** A backup as it lies at a place, told by what lies there and the master key alone. */
export interface FoundBackup {
  id: string
  /** Of what its manifest says in clear; null where that cannot be read. */
  header: Header | null
  /**
   * `whole`: its manifest is sealed by the gateway, and all its parts, and all that it stands on, are there; what is in them is proven
   * by verifying. `unproven`: the keys are not to be had.
   */
  state: 'whole' | 'damaged' | 'unproven'
  /** Why it is not whole; a name of a part, never content. */
  why: string
  /** Sealed, without the manifest; null where the manifest does not open. */
  bytes: number | null
}

/** The keys of one backup, which open the older ones too: no key is ever taken away. Null: the reason goes to `why`. */
export type Opener = (header: Header) => Promise<Opening>

export const openerBy =
  (keys: KeySource): Opener =>
  (header) =>
    protectionFrom(header, keys)

/** Everything that lies at a place with a manifest, newest first. Needs no database: see `FoundBackup`. */
export async function backupsAt(place: Place, open: Opener): Promise<FoundBackup[]> {
  const found: FoundBackup[] = []
  let opening: Opening | null = null
  for (const id of (await backupIds(place)).reverse()) {
    const one: FoundBackup = { id, header: null, state: 'damaged', why: '', bytes: null }
    found.push(one)
    try {
      const bytes = await place.get(manifestKey(id))
      one.header = readHeader(id, bytes)
      opening ??= await open(one.header)
      const manifest = await openManifest(id, bytes, opening)
      one.bytes = sizeOf(manifest)
      one.why = await missingPart(place, manifest)
      if (one.why === '') one.state = 'whole'
    } catch (error) {
      if (!(error instanceof BackupDamaged || error instanceof MasterKeyNeeded)) throw error
      one.why = error.message
      if (error instanceof MasterKeyNeeded) one.state = 'unproven'
    }
  }
  return withoutParents(found)
}

async function missingPart(place: Place, { id, chunks }: Manifest): Promise<string> {
  const there = new Set(await place.names(`${id}/`))
  const missing = chunks.findIndex((_, number) => !there.has(chunkName(number)))
  return missing < 0 ? '' : `chunk ${missing} missing`
}

/** One that stands on something that is not whole is not whole either. */
function withoutParents(found: FoundBackup[]): FoundBackup[] {
  const whole = new Set<string>()
  for (const one of found.toReversed()) {
    const parent = one.header?.parent ?? null
    if (one.state === 'whole' && parent !== null && !whole.has(parent)) {
      one.state = 'damaged'
      one.why = `stands on ${parent}, which is not whole here`
    }
    if (one.state === 'whole') whole.add(one.id)
  }
  return found
}

/**
 * Reads back one backup at a place, or the newest that is whole, and rebuilds all of it in `room`, a private directory.
 * @throws BackupDamaged, MasterKeyNeeded; Error where there is none.
 */
export async function verifyAt(
  place: Place,
  wanted: string | undefined,
  deps: { open: Opener; room: string; onBytes?: (done: number, total: number) => void },
): Promise<{ id: string; bytes: number; rows: number }> {
  const found = await backupsAt(place, deps.open)
  const one =
    wanted === undefined ? found.find(({ state }) => state === 'whole') : found.find((f) => f.id === wanted)
  if (!one) throw new Error(`${place.name}: ${wanted ?? 'a backup that is whole'} is not there`)
  if (one.state !== 'whole' || !one.header) throw new Error(`${one.id}: ${one.state}: ${one.why}`)
  const opening = await deps.open(one.header)
  const { bytes, rows } = await proveBackup(one.id, deps.room, { place, opening, ...deps })
  return { id: one.id, bytes, rows: Object.values(rows).reduce((sum, count) => sum + count, 0) }
}
