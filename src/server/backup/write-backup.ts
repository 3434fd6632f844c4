import { createHash } from 'node:crypto'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { blocksOf, hashBytes, packChunk } from './blocks.ts'
import { checkDatabase } from './check-database.ts'
import { BackupDamaged } from './damaged.ts'
import {
  blocksPerChunk,
  chunkKey,
  chunkLabel,
  databasePath,
  manifestKey,
  unprovenManifestKey,
} from './layout.ts'
import {
  type BackedUpFile,
  type Header,
  type Manifest,
  type Opening,
  type Sealing,
  sealManifest,
  sha256,
} from './manifest.ts'
import { syncDirectory } from './places/directory.ts'
import type { Place } from './places/place.ts'
import { readChain, readManifest, rebuildFiles } from './read-backup.ts'

/** A file to back up: where it is now, and the path that it is kept under. */
export interface Source {
  path: string
  file: string
}

export interface Writing {
  /** The backup directory; `place` is the same, to read from. */
  directory: string
  place: Place
  protection: Sealing & Opening
  signal?: AbortSignal
  onBytes?: (bytes: number) => void
}

/**
 * Writes a backup's chunks and, last, its manifest under a name that does not count yet. An incremental carries the blocks
 * that its parent does not have at the same place of the same file.
 */
export async function writeBackup(
  header: Header,
  sources: readonly Source[],
  parent: Manifest | null,
  deps: Writing,
): Promise<Manifest> {
  const { directory, protection, signal } = deps
  const folder = join(directory, header.id)
  await mkdir(folder, { mode: 0o700 })
  const known = new Map(parent?.files.map((file) => [file.path, file]))
  const files: BackedUpFile[] = []
  const chunks: Manifest['chunks'] = []
  let pack: Buffer[] = []

  async function flush(): Promise<void> {
    if (pack.length === 0) return
    const number = chunks.length
    const sealed = protection.sealBytes('backup', chunkLabel(header.id, number), await packChunk(pack))
    await writeDurably(join(directory, chunkKey(header.id, number)), sealed)
    chunks.push({ bytes: sealed.length, sha256: sha256(sealed) })
    pack = []
  }

  for (const { path, file } of sources) {
    const before = known.get(path)
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      // Taken away since the list was made.
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (!handle) continue
    try {
      const { mode, mtimeMs, size } = await handle.stat()
      if (before && path !== databasePath && before.size === size && before.modifiedAt === mtimeMs) {
        files.push({ ...before, mode: mode & 0o777, carried: [] })
        continue
      }
      const known = Buffer.from(before?.blocks ?? '', 'base64')
      const whole = createHash('sha256')
      const hashes: Buffer[] = []
      const carried: [number, number][] = []
      let bytes = 0
      for await (const block of blocksOf(handle, whole)) {
        signal?.throwIfAborted()
        const number = hashes.push(block.hash) - 1
        bytes += block.bytes.length
        deps.onBytes?.(block.bytes.length)
        if (known.subarray(number * hashBytes, (number + 1) * hashBytes).equals(block.hash)) continue
        const last = carried.at(-1)
        if (last && last[1] === number - 1) last[1] = number
        else carried.push([number, number])
        pack.push(block.bytes)
        if (pack.length === blocksPerChunk) await flush()
      }
      files.push({
        path,
        mode: mode & 0o777,
        size: bytes,
        modifiedAt: mtimeMs,
        sha256: whole.digest('hex'),
        blocks: Buffer.concat(hashes).toString('base64'),
        carried,
      })
    } finally {
      await handle.close()
    }
  }
  await flush()
  const manifest = { ...header, files, chunks }
  await writeDurably(
    join(directory, unprovenManifestKey(header.id)),
    await sealManifest(manifest, protection),
  )
  await syncDirectory(folder)
  await syncDirectory(directory)
  return manifest
}

/**
 * Reads back every byte of a backup, rebuilds all of its files in an empty directory and has SQLite check the database.
 * `key` is its manifest, where that does not have its own name yet.
 * @throws BackupDamaged
 */
export async function proveBackup(
  id: string,
  to: string,
  deps: {
    place: Place
    opening: Opening
    key?: string
    signal?: AbortSignal
    onBytes?: (done: number, total: number) => void
  },
): Promise<{ manifest: Manifest; bytes: number; rows: Record<string, number> }> {
  const { place, opening } = deps
  const manifest = await readManifest(place, id, opening, deps.key ?? manifestKey(id))
  const chain = await readChain(place, manifest, opening)
  await rebuildFiles(chain, to, deps)
  const { faults, orphans, rows } = await checkDatabase(join(to, databasePath))
  if (faults > 0) throw new BackupDamaged(id, 'the database (integrity_check)')
  if (orphans > 0) throw new BackupDamaged(id, 'the database (foreign_key_check)')
  return { manifest, bytes: sizeOf(manifest), rows }
}

/** The name that makes it count. From here on it is a good backup, whatever happens to this process. */
export async function nameBackup(directory: string, id: string): Promise<void> {
  await rename(join(directory, unprovenManifestKey(id)), join(directory, manifestKey(id)))
  await syncDirectory(join(directory, id))
}

/** Sealed, without the manifest. */
export const sizeOf = ({ chunks }: Manifest): number => chunks.reduce((sum, { bytes }) => sum + bytes, 0)

export async function fileSize(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}

/** A new file, on the disk when it returns. */
export async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
