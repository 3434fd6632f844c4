import { createHash } from 'node:crypto'
import { chmod, type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blockCount, blocksOf, type CarriedBlock, carriedChunks, hashBytes, unpackChunk } from './blocks.ts'
import { BackupDamaged } from './damaged.ts'
import { backupIdPattern, blockBytes, chunkKey, chunkLabel, manifestKey } from './layout.ts'
import { type BackedUpFile, type Manifest, type Opening, openManifest, sha256 } from './manifest.ts'
import { type Place, PlaceError } from './places/place.ts'

/** Ids of what lies at a place with a manifest, oldest first. */
export async function backupIds(place: Place): Promise<string[]> {
  const ids: string[] = []
  for (const name of await place.names(''))
    if (backupIdPattern.test(name) && (await place.size(manifestKey(name))) !== null) ids.push(name)
  return ids.sort()
}

export async function readManifest(
  place: Place,
  id: string,
  opening: Opening,
  key = manifestKey(id),
): Promise<Manifest> {
  return openManifest(id, await stored(place, key, id, 'manifest'), opening)
}

/**
 * The backup and all that it stands on, the full one last.
 * @throws BackupDamaged where one is missing or damaged.
 */
export async function readChain(
  place: Place,
  newest: Manifest,
  opening: Opening,
): Promise<[Manifest, ...Manifest[]]> {
  const chain: [Manifest, ...Manifest[]] = [newest]
  for (let last = newest; last.parent !== null; ) {
    const id = last.parent
    if (chain.some((one) => one.id === id)) throw new BackupDamaged(newest.id, 'stands on itself')
    last = await readManifest(place, id, opening)
    if (last.gatewayId !== newest.gatewayId || last.coversUntil > newest.coversUntil)
      throw new BackupDamaged(newest.id, "stands on another gateway's backup")
    chain.push(last)
  }
  return chain
}

/** A chunk's content. @throws BackupDamaged where it is not what was written. */
export async function readChunk(
  place: Place,
  { id, chunks }: Manifest,
  chunk: number,
  opening: Opening,
): Promise<Buffer> {
  const part = `chunk ${chunk}`
  const expected = chunks[chunk]
  const sealed = await stored(place, chunkKey(id, chunk), id, part)
  if (!expected || sealed.length !== expected.bytes || sha256(sealed) !== expected.sha256)
    throw new BackupDamaged(id, part)
  try {
    return await unpackChunk(opening.openBytes('backup', chunkLabel(id, chunk), sealed))
  } catch (cause) {
    throw new BackupDamaged(id, part, { cause })
  }
}

async function stored(place: Place, key: string, id: string, part: string): Promise<Buffer> {
  try {
    return await place.get(key)
  } catch (cause) {
    if (cause instanceof PlaceError && cause.code === 'absent') throw new BackupDamaged(id, `${part} missing`)
    throw cause
  }
}

export interface Rebuilding {
  place: Place
  opening: Opening
  signal?: AbortSignal
  /** Of the content, in bytes. */
  onBytes?: (done: number, total: number) => void
}

/**
 * Writes the files of a backup below a directory, as they were. Takes each block from the newest of the chain that carries
 * it; every block is held against its hash, every file too.
 * @throws BackupDamaged
 */
export async function rebuildFiles(
  chain: readonly [Manifest, ...Manifest[]],
  to: string,
  deps: Rebuilding,
  wanted: (path: string) => boolean = () => true,
): Promise<BackedUpFile[]> {
  const files = chain[0].files.filter(({ path }) => wanted(path))
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  const pending = new Map(files.map((file) => [file.path, { file, ...wholeFile(chain[0].id, file) }]))
  await makeEmpty(files, to)

  const isMissing = ({ file, block }: CarriedBlock) => pending.get(file.path)?.missing.has(block) ?? false
  const writer = oneFileAtATime(to)
  try {
    for (const manifest of chain) {
      let number = -1
      for (const blocks of carriedChunks(manifest.files)) {
        number += 1
        if (!blocks.some(isMissing)) continue
        deps.signal?.throwIfAborted()
        const content = await readChunk(deps.place, manifest, number, deps.opening)
        let at = 0
        for (const carried of blocks) {
          const bytes = content.subarray(at, at + carried.length)
          at += carried.length
          const target = pending.get(carried.file.path)
          if (!target?.missing.has(carried.block)) continue
          if (!createHash('sha256').update(bytes).digest().equals(target.hash(carried.block)))
            throw new BackupDamaged(manifest.id, `chunk ${number}`)
          await writer.write(carried.file.path, bytes, carried.block * blockBytes)
          target.missing.delete(carried.block)
          done += bytes.length
          deps.onBytes?.(done, total)
        }
        if (at !== content.length) throw new BackupDamaged(manifest.id, `chunk ${number}`)
      }
    }
  } finally {
    await writer.close()
  }
  for (const { file, missing } of pending.values()) {
    if (missing.size > 0)
      throw new BackupDamaged(chain[0].id, `${missing.size} blocks of ${file.path} missing`)
    await prove(chain[0].id, file, to)
  }
  return files
}

/** Keeps the file open that was written to last: what a chunk holds is mostly of one. */
function oneFileAtATime(to: string) {
  let path = ''
  let handle: FileHandle | undefined
  return {
    async write(file: string, bytes: Buffer, position: number): Promise<void> {
      if (file !== path) {
        await handle?.close()
        handle = undefined
        path = file
      }
      handle ??= await open(join(to, file), 'r+')
      await handle.write(bytes, 0, bytes.length, position)
    },
    close: async () => handle?.close(),
  }
}

function wholeFile(id: string, file: BackedUpFile) {
  const hashes = Buffer.from(file.blocks, 'base64')
  const count = blockCount(file.size)
  if (hashes.length !== count * hashBytes) throw new BackupDamaged(id, 'manifest')
  return {
    missing: new Set(Array.from({ length: count }, (_, block) => block)),
    hash: (block: number) => hashes.subarray(block * hashBytes, (block + 1) * hashBytes),
  }
}

async function makeEmpty(files: readonly BackedUpFile[], to: string): Promise<void> {
  for (const { path, size } of files) {
    const file = join(to, path)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(file, 'wx', 0o600)
    await handle.truncate(size)
    await handle.close()
  }
}

/** What was written is read back from the disk. */
async function prove(id: string, file: BackedUpFile, to: string): Promise<void> {
  const path = join(to, file.path)
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
    const whole = createHash('sha256')
    for await (const _ of blocksOf(handle, whole));
    if (whole.digest('hex') !== file.sha256) throw new BackupDamaged(id, `${file.path} as a whole`)
  } finally {
    await handle.close()
  }
  await chmod(path, file.mode)
}
