import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ScrubSource } from '../integrity/index.ts'
import { catalogue, type KnownBackup } from './catalogue.ts'
import type { BackupContext } from './context.ts'
import { BackupDamaged, BackupRefused } from './damaged.ts'
import { chunkKey, manifestKey } from './layout.ts'
import { type Manifest, openManifest, sha256 } from './manifest.ts'
import { syncDirectory } from './places/directory.ts'
import { openPlace } from './places/open.ts'
import { type Place, PlaceError } from './places/place.ts'
import { sendCode } from './send.ts'
import { markDamaged, verifyBackup } from './upkeep.ts'
import { writeDurably } from './write-backup.ts'

/** What is wrong with a file of a backup: the words of the list of damage. */
type Fault = 'missing' | 'changed' | 'unreadable'

/**
 * The files of every backup that is kept, for the scrub. A damaged one is isolated (its backup, and what stands on it, are no longer
 * good: nothing is restored from them) and alarmed; it is restored from an off-site copy, and counts again once it is proven.
 */
export function keptBackupsSource(context: BackupContext): ScrubSource {
  const { foundation, local } = context
  const { store, protection, clock, config, gatewayId, log } = foundation

  /** Damaged ones too: they stay in the list of damage until they are whole again. Oldest first: what others stand on. */
  const kept = async (): Promise<KnownBackup[]> =>
    (await catalogue.all(store.db)).filter(({ state }) => state === 'good' || state === 'damaged').reverse()

  /** Its bytes, and what it says; or what is wrong with it. */
  async function localManifest(id: string): Promise<{ bytes: number; manifest: Manifest } | Fault> {
    try {
      const bytes = await local.get(manifestKey(id))
      return { bytes: bytes.length, manifest: await openManifest(id, bytes, protection) }
    } catch (error) {
      return error instanceof BackupDamaged ? 'changed' : faultOf(error)
    }
  }

  async function chunkFault(id: string, number: number, expected: string): Promise<Fault | null> {
    try {
      return sha256(await local.get(chunkKey(id, number))) === expected ? null : 'changed'
    } catch (error) {
      return faultOf(error)
    }
  }

  async function isKept(id: string): Promise<boolean> {
    return (await kept()).some((row) => row.id === id)
  }

  async function* filesOf(id: string): ReturnType<ScrubSource['check']> {
    const found = await localManifest(id)
    if (typeof found === 'string') {
      yield { file: manifestKey(id), bytes: 0, fault: found }
      return
    }
    yield { file: manifestKey(id), bytes: found.bytes, fault: null }
    for (const [number, { bytes, sha256: expected }] of found.manifest.chunks.entries())
      yield { file: chunkKey(id, number), bytes, fault: await chunkFault(id, number, expected) }
  }

  /** Brings what is missing or wrong here from a place, each file held against the manifest. @returns whether all is here then. */
  async function bring(id: string, place: Place): Promise<boolean> {
    const here = await localManifest(id)
    const away = typeof here === 'string' ? await place.get(manifestKey(id)) : null
    const manifest = away ? await openManifest(id, away, protection) : null
    const { chunks } = typeof here === 'string' ? (manifest as Manifest) : here.manifest
    for (const [number, { sha256: expected }] of chunks.entries()) {
      if ((await chunkFault(id, number, expected)) === null) continue
      const bytes = await place.get(chunkKey(id, number))
      if (sha256(bytes) !== expected) return false
      await put(chunkKey(id, number), bytes)
    }
    // Last, as when it was written: a backup without it does not exist.
    if (away) await put(manifestKey(id), away)
    return true
  }

  async function put(key: string, bytes: Buffer): Promise<void> {
    const file = join(context.directory, key)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await rm(`${file}.brought`, { force: true })
    await writeDurably(`${file}.brought`, bytes)
    await rename(`${file}.brought`, file)
    await syncDirectory(dirname(file))
  }

  /** Proves it whole, which makes it good again, then those that stand on it. */
  async function reinstate(id: string): Promise<void> {
    try {
      await verifyBackup(context, id, { actor: { kind: 'gateway', id: gatewayId } })
    } catch (error) {
      // What it stands on is damaged itself: it comes with that one.
      if (error instanceof BackupDamaged) return
      throw error
    }
    for (const row of await kept())
      if (row.parent === id && row.state === 'damaged' && row.error === 'stands-on-damaged')
        await reinstate(row.id)
  }

  async function restore(file: string): Promise<string | null> {
    const id = file.slice(0, file.indexOf('/'))
    const copies = await catalogue.copies(store.db)
    for (const away of config.backup.offSite) {
      if (!copies.some((copy) => copy.id === id && copy.place === away.name)) continue
      const place = openPlace(away, { clock })
      try {
        if (!(await bring(id, place))) continue
        const row = (await kept()).find((one) => one.id === id)
        if (row?.state === 'damaged') await reinstate(id)
        return `off-site:${away.name}`
      } catch (error) {
        if (!(error instanceof PlaceError || error instanceof BackupDamaged)) throw error
        log.warn({ backup: id, place: place.name, code: sendCode(error) }, 'copy of a backup not readable')
      } finally {
        await place.close()
      }
    }
    return null
  }

  return {
    name: 'backup',
    async total() {
      let files = 0
      for (const { id } of await kept()) files += (await local.names(`${id}/`)).length
      return files
    },
    async *check() {
      for (const { id, state, error } of await kept()) {
        let isWhole = true
        for await (const found of filesOf(id)) {
          if (found.fault !== null) {
            // Taken away by the retention meanwhile.
            if (!(await isKept(id))) break
            isWhole = false
            await markDamaged(context, new BackupDamaged(id, found.file.slice(id.length + 1)))
          }
          yield found
        }
        // Somebody put the file back.
        if (isWhole && state === 'damaged' && error !== 'stands-on-damaged') await reinstate(id)
      }
    },
    async restore(file) {
      let release: () => void
      try {
        release = await context.work.holdWriting()
      } catch (error) {
        // A backup is being made, or removed: the next scrub finds it again.
        if (error instanceof BackupRefused) return null
        throw error
      }
      try {
        return await restore(file)
      } finally {
        release()
      }
    },
  }
}

function faultOf(error: unknown): Fault {
  return error instanceof PlaceError && error.code === 'absent' ? 'missing' : 'unreadable'
}
