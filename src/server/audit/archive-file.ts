import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { z } from 'zod'
import { IntegrityError, type Protection } from '../protection/index.ts'
import { CheckpointFile } from './checkpoints.ts'
import type { StoredRow } from './place.ts'

/**
 * One month of records as a file by itself: `VAUDIT1\n`, then the header and the parts, each with its length (4 bytes, big
 * endian) before it. Header and parts are sealed under the archive keys, bound to the month and to their number, so that none
 * can be left out, repeated or taken from another file. A part is the deflated JSON of up to 500 rows, as they stand in the table.
 */
const magic = Buffer.from('VAUDIT1\n')
export const rowsPerPart = 500
/** No part is near this; a length that says more is damage. */
const largestPart = 64 * 1024 * 1024

const ArchiveHeader = z.object({
  /** `2026-10`, in the gateway's time. */
  month: z.string(),
  gatewayId: z.string(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  rows: z.int(),
  parts: z.int(),
  /** The hash that the first row names, and the last row's. */
  previousHash: z.string(),
  lastHash: z.string(),
  /** Attests the last row, or one after it. */
  checkpoint: CheckpointFile.nullable(),
  writtenAt: z.number(),
})
export type ArchiveHeader = z.infer<typeof ArchiveHeader>

const Row = z.object({
  seq: z.int(),
  at: z.number(),
  action: z.string(),
  outcome: z.enum(['success', 'refused', 'failed']),
  sealed_detail: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
})

const labelOf = (month: string, part: number | 'header') => `audit/${month}/${part}`
const packed = promisify(deflateRaw)
const unpacked = promisify(inflateRaw)

/** The file is whole at its place, or not there: it is written beside it, brought to the disk, and then takes the name. */
export async function writeArchiveFile(
  path: string,
  protection: Protection,
  header: ArchiveHeader,
  parts: AsyncIterable<readonly StoredRow[]>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.part`
  const file = await open(beside, 'w', 0o600)
  try {
    const put = async (part: number | 'header', bytes: Buffer) => {
      const sealed = protection.sealBytes('archive', labelOf(header.month, part), bytes)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(sealed.length)
      await file.write(Buffer.concat([length, sealed]))
    }
    await file.write(magic)
    await put('header', Buffer.from(JSON.stringify(ArchiveHeader.parse(header))))
    let number = 0
    for await (const rows of parts) await put(number++, await packed(JSON.stringify(rows)))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  const directory = await open(dirname(path), 'r')
  await directory.sync().finally(() => directory.close())
}

export interface OpenArchive {
  header: ArchiveHeader
  /** @throws IntegrityError at the part that was changed, or is missing. */
  parts(): AsyncGenerator<StoredRow[]>
  close(): Promise<void>
}

/**
 * @param month Which it has to be; the file's own word is not taken for it.
 * @throws IntegrityError where it is no archive of that month, or its header was changed; ENOENT where there is none.
 */
export async function openArchiveFile(
  path: string,
  protection: Protection,
  month: string,
): Promise<OpenArchive> {
  const file = await open(path, 'r')
  const damaged = (part: number | 'header') =>
    new IntegrityError({ table: 'file', column: 'archive', row: labelOf(month, part) })
  let at = magic.length
  async function take(part: number | 'header'): Promise<Buffer> {
    const length = (await readAt(file, at, 4))?.readUInt32BE() ?? 0
    const sealed = length > 0 && length <= largestPart ? await readAt(file, at + 4, length) : null
    if (!sealed) throw damaged(part)
    at += 4 + length
    return protection.openBytes('archive', labelOf(month, part), sealed)
  }
  try {
    if (!(await readAt(file, 0, magic.length))?.equals(magic)) throw damaged('header')
    const header = ArchiveHeader.parse(JSON.parse((await take('header')).toString('utf8')))
    if (header.month !== month) throw damaged('header')
    return {
      header,
      async *parts() {
        for (let part = 0; part < header.parts; part += 1)
          yield Row.array().parse(JSON.parse((await unpacked(await take(part))).toString('utf8')))
        if (await readAt(file, at, 1)) throw damaged(header.parts)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Null where the file ends before. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return bytesRead === length ? buffer : null
}
