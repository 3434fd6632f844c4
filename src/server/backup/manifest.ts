import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { BackupKind } from '../../shared/api/backup.ts'
import { type BytesPurpose, IntegrityError } from '../protection/index.ts'
import { BackupDamaged } from './damaged.ts'
import { backupIdPattern, manifestLabel } from './layout.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const mostManifestBytes = 512 * 1024 * 1024

const Id = z.string().regex(backupIdPattern)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * What stands before the sealed part, in clear: which backup it is, and the data keys as the database has them, wrapped by
 * the master key, so that a restore takes the backup and the master key and nothing else.
 */
const Header = z.strictObject({
  format: z.literal('vigil-backup-1'),
  id: Id,
  gatewayId: z.string(),
  kind: BackupKind,
  /** What an incremental stands on. */
  parent: Id.nullable(),
  startedAt: z.number(),
  /** Everything committed before is in it. */
  coversUntil: z.number(),
  /** Rows of `wrapped_keys`. */
  keys: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
})

/** Below the data directory, `/` between folders, nothing that leads out of it. */
export const RelativePath = z
  .string()
  .max(1024)
  .refine(
    (path) =>
      !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'not a path below the data directory',
  )

const BackedUpFile = z.strictObject({
  path: RelativePath,
  mode: z.int().min(0).max(0o777),
  size: z.int().min(0),
  /** Changed where the file was, most likely: then it is read again. Milliseconds. */
  modifiedAt: z.number(),
  sha256: Sha256,
  /** SHA-256 of each block, one after another, base64. */
  blocks: z.string(),
  /** Numbers of the blocks that this backup holds itself, as `[first, last]`. */
  carried: z.array(z.tuple([z.int().min(0), z.int().min(0)])),
})
export type BackedUpFile = z.infer<typeof BackedUpFile>

const Body = z.strictObject({
  files: z.array(BackedUpFile),
  /** Sealed size and SHA-256 of each chunk, so that a copy can be proven without the keys. */
  chunks: z.array(z.strictObject({ bytes: z.int().positive(), sha256: Sha256 })),
})

export type Header = z.infer<typeof Header>
export type Manifest = Header & z.infer<typeof Body>

export interface Sealing {
  sealBytes(purpose: BytesPurpose, label: string, bytes: Uint8Array): Buffer
}
export interface Opening {
  openBytes(purpose: BytesPurpose, label: string, sealed: Uint8Array): Buffer
}

/** The manifest as it is stored: the header on one line, then the rest compressed and sealed together with the header's hash. */
export async function sealManifest(
  { files, chunks, ...header }: Manifest,
  sealing: Sealing,
): Promise<Buffer> {
  const line = Buffer.from(JSON.stringify(header), 'utf8')
  const body = await compress(Buffer.from(JSON.stringify({ files, chunks }), 'utf8'))
  const sealed = sealing.sealBytes('backup', manifestLabel(header.id, sha256(line)), body)
  return Buffer.concat([line, Buffer.from('\n'), sealed])
}

/** @throws BackupDamaged where it is not a manifest of this backup, or was changed. */
export async function openManifest(id: string, bytes: Buffer, opening: Opening): Promise<Manifest> {
  const header = readHeader(id, bytes)
  const end = bytes.indexOf(0x0a)
  try {
    const label = manifestLabel(id, sha256(bytes.subarray(0, end)))
    const body = opening.openBytes('backup', label, bytes.subarray(end + 1))
    const json = await decompress(body, { maxOutputLength: mostManifestBytes })
    return { ...header, ...Body.parse(JSON.parse(json.toString('utf8'))) }
  } catch (cause) {
    throw new BackupDamaged(id, cause instanceof IntegrityError ? 'manifest (seal)' : 'manifest', { cause })
  }
}

/** The clear part, not proven yet. @throws BackupDamaged */
export function readHeader(id: string, bytes: Buffer): Header {
  try {
    const header = Header.parse(JSON.parse(bytes.subarray(0, bytes.indexOf(0x0a)).toString('utf8')))
    if (header.id === id) return header
  } catch (cause) {
    throw new BackupDamaged(id, 'manifest header', { cause })
  }
  throw new BackupDamaged(id, "another backup's manifest")
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
