import type { FileHandle } from 'node:fs/promises'
import { Unreadable } from './unreadable.ts'

/** Bytes that can be read at any place without holding them all. */
export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes from `position`. @throws Unreadable `truncated file` past the end. */
  read(position: number, length: number): Promise<Buffer>
}

export function bufferSource(buffer: Buffer): ByteSource {
  return {
    size: buffer.length,
    async read(position, length) {
      if (position + length > buffer.length) throw new Unreadable('truncated file')
      return buffer.subarray(position, position + length)
    },
  }
}

/** Reads of an open file of `size` bytes; the caller closes the handle. */
export function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    async read(position, length) {
      if (position + length > size) throw new Unreadable('truncated file')
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
        if (bytesRead === 0) throw new Unreadable('truncated file')
        filled += bytesRead
      }
      return buffer
    },
  }
}

/** A reading position in a source, with a window read ahead, so that small elements cost no system call each. */
export interface Cursor {
  position: number
  readonly size: number
  /** The next `length` bytes, which the position moves past. */
  take(length: number): Promise<Buffer>
  /** The next `length` bytes; the position stays. */
  peek(length: number): Promise<Buffer>
}

export function cursorOn(source: ByteSource, position: number, windowBytes = 16_384): Cursor {
  let start = 0
  let window: Buffer = Buffer.alloc(0)
  const cursor: Cursor = {
    position,
    size: source.size,
    async take(length) {
      const bytes = await cursor.peek(length)
      cursor.position += length
      return bytes
    },
    async peek(length) {
      const from = cursor.position - start
      if (from >= 0 && from + length <= window.length) return window.subarray(from, from + length)
      if (cursor.position + length > source.size) throw new Unreadable('truncated file')
      if (length > windowBytes) return source.read(cursor.position, length)
      start = cursor.position
      window = await source.read(start, Math.min(windowBytes, source.size - start))
      return window.subarray(0, length)
    },
  }
  return cursor
}
