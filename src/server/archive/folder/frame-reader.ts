import { createRecentCache } from '../cache.ts'
import type { Frame } from '../index.ts'
import type { ByteSource } from '../object/byte-source.ts'
import { readObject } from '../object/part10.ts'
import { Unreadable } from '../object/unreadable.ts'
import { readFrame } from '../pixel/frame.ts'
import { layoutOf, type PixelLayout } from '../pixel/layout.ts'
import type { withFile } from './inspect.ts'

/** What is remembered of a file: where its frames are, and, where it was deflated, its inflated bytes. */
interface Known {
  layout: PixelLayout
  inflated: ByteSource | null
}

const kibibyte = 1024
/** 64 MiB of offset tables and inflated objects. */
const cacheKibibytes = 64 * kibibyte

/**
 * Reads single frames of files. Files are opened for each frame, which costs far less than reading one and leaves none
 * open that was deleted or replaced; what takes time, finding the frames, is remembered as long as the file stays the same.
 */
export function createFrameReader(open: typeof withFile) {
  const cache = createRecentCache<Known>(cacheKibibytes, weightOf)

  return (path: string, index: number, signal?: AbortSignal): Promise<Frame> =>
    open(path, async (source, state) => {
      const key = `${path}\0${state.size}\0${state.mtimeMs}`
      const known = cache.get(key) ?? (await find(source))
      cache.set(key, known)
      signal?.throwIfAborted()
      const { layout, inflated } = known
      return {
        transferSyntaxUid: layout.transferSyntaxUid,
        bytes: await readFrame(inflated ?? source, layout, index),
      }
    })
}

async function find(source: ByteSource): Promise<Known> {
  const object = await readObject(source)
  const layout = await layoutOf(object)
  if (!layout) throw new Unreadable('changed while it was read')
  return { layout, inflated: object.source === source ? null : object.source }
}

function weightOf({ layout, inflated }: Known): number {
  const fragments = layout.table?.reduce((sum, frame) => sum + frame.length, 0) ?? 0
  return 1 + Math.ceil(((inflated?.size ?? 0) + fragments * 64) / kibibyte)
}
