import type { ByteSource } from '../object/byte-source.ts'
import { Unreadable } from '../object/unreadable.ts'
import { readFragments } from './encapsulated.ts'
import type { PixelLayout } from './layout.ts'
import { readNativeFrame } from './native.ts'

/** One frame as stored, `index` from 0: reads its bytes and no others. @throws Unreadable */
export async function readFrame(source: ByteSource, layout: PixelLayout, index: number): Promise<Buffer> {
  if (layout.native) return readNativeFrame(source, layout.native, index)
  const fragments = layout.table?.[index]
  if (!fragments) throw new Unreadable('frames cannot be told apart in the pixel data')
  return readFragments(source, fragments)
}
