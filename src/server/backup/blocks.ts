import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { blockBytes, blocksPerChunk } from './layout.ts'
import type { BackedUpFile } from './manifest.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
export const hashBytes = 32

export interface Block {
  bytes: Buffer
  hash: Buffer
}

/** A file's blocks in order, as they are read; `whole` gets every byte. The last block may be short. */
export async function* blocksOf(
  handle: FileHandle,
  whole: ReturnType<typeof createHash>,
): AsyncGenerator<Block> {
  for (let position = 0; ; ) {
    const buffer = Buffer.allocUnsafe(blockBytes * blocksPerChunk)
    const read = await filled(handle, buffer, position)
    for (let at = 0; at < read; at += blockBytes) {
      const bytes = buffer.subarray(at, Math.min(at + blockBytes, read))
      whole.update(bytes)
      yield { bytes, hash: createHash('sha256').update(bytes).digest() }
    }
    position += read
    if (read < buffer.length) return
  }
}

async function filled(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let read = 0
  while (read < buffer.length) {
    const { bytesRead } = await handle.read(buffer, read, buffer.length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return read
}

/** Where a block that a backup carries belongs. */
export interface CarriedBlock {
  file: BackedUpFile
  block: number
  length: number
}

/** What a backup carries, chunk by chunk: the order in which it was written. */
export function* carriedChunks(files: readonly BackedUpFile[]): Generator<CarriedBlock[]> {
  let chunk: CarriedBlock[] = []
  for (const file of files) {
    for (const [first, last] of file.carried) {
      for (let block = first; block <= last; block++) {
        chunk.push({ file, block, length: blockLength(file, block) })
        if (chunk.length < blocksPerChunk) continue
        yield chunk
        chunk = []
      }
    }
  }
  if (chunk.length > 0) yield chunk
}

export function blockLength({ size }: BackedUpFile, block: number): number {
  return Math.max(0, Math.min(blockBytes, size - block * blockBytes))
}

export const blockCount = (size: number): number => Math.ceil(size / blockBytes)

/** The chunk's content before it is sealed. */
export const packChunk = (blocks: readonly Buffer[]): Promise<Buffer> => compress(Buffer.concat(blocks))
export const unpackChunk = (packed: Buffer): Promise<Buffer> =>
  decompress(packed, { maxOutputLength: blockBytes * blocksPerChunk })
