import { type ByteSource, cursorOn } from '../object/byte-source.ts'
import { tags, undefinedLength } from '../object/dataset.ts'
import type { DicomObject } from '../object/part10.ts'
import { Unreadable } from '../object/unreadable.ts'

/** A fragment's value in the source (PS3.5 A.4). */
export interface Fragment {
  offset: number
  length: number
}

/** The fragments of each frame, in order. */
export type FrameTable = readonly (readonly Fragment[])[]

const item = 0xfffee000
const sequenceEnd = 0xfffee0dd

/** Every fragment of the pixel data, and the Basic Offset Table, whose offsets are counted from `origin`. */
interface Encapsulation {
  offsets: number[]
  origin: number
  fragments: Fragment[]
}

/**
 * Where each frame of encapsulated pixel data is: by the Extended Offset Table (PS3.3 C.7.6.3.1.8), the Basic Offset
 * Table, or, where neither is there or right, by what the fragments tell themselves (PS3.5 A.4).
 * @throws Unreadable `frames cannot be told apart in the pixel data`, `truncated file`
 */
export async function readFrameTable(object: DicomObject, frames: number): Promise<FrameTable> {
  const encapsulation = await walkFragments(object)
  const extended = extendedOffsets(object)
  const table =
    byOffsets(encapsulation, extended, frames) ??
    byOffsets(encapsulation, encapsulation.offsets, frames) ??
    (await byFragments(object.source, encapsulation.fragments, frames))
  if (!table) throw new Unreadable('frames cannot be told apart in the pixel data')
  return table
}

/** The frame's fragments joined. */
export async function readFragments(source: ByteSource, fragments: readonly Fragment[]): Promise<Buffer> {
  const parts = await Promise.all(fragments.map(({ offset, length }) => source.read(offset, length)))
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** Finds every fragment by the item headers alone. @throws Unreadable where a fragment is cut off by the file's end. */
async function walkFragments({ source, pixels }: DicomObject): Promise<Encapsulation> {
  const fragments: Fragment[] = []
  // Fragments are mostly far larger than their headers: reading ahead more than a few of these would be waste.
  const cursor = cursorOn(source, pixels!.offset, 512)
  const table = await readItemHeader(cursor)
  if (table?.tag !== item || table.length % 4 !== 0) throw new Unreadable('malformed data set')
  const bytes = await cursor.take(table.length)
  const offsets = Array.from({ length: table.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4))
  const origin = cursor.position
  // A missing sequence delimiter at the very end costs nothing: every fragment is there.
  for (
    let head = await readItemHeader(cursor);
    head && head.tag !== sequenceEnd;
    head = await readItemHeader(cursor)
  ) {
    if (head.tag !== item || head.length === undefinedLength) throw new Unreadable('malformed data set')
    if (cursor.position + head.length > source.size) throw new Unreadable('truncated file')
    fragments.push({ offset: cursor.position, length: head.length })
    cursor.position += head.length
  }
  return { offsets, origin, fragments }
}

async function readItemHeader(cursor: ReturnType<typeof cursorOn>) {
  if (cursor.position === cursor.size) return null
  const head = await cursor.take(8)
  return { tag: head.readUInt16LE(0) * 0x10000 + head.readUInt16LE(2), length: head.readUInt32LE(4) }
}

function extendedOffsets({ dataset }: DicomObject): number[] {
  const value = dataset.elements.get(tags.extendedOffsetTable)?.value
  if (!value) return []
  return Array.from({ length: Math.floor(value.length / 8) }, (_, i) => Number(value.readBigUInt64LE(i * 8)))
}

/** Frames by a table of one offset each; null where the table does not fit the fragments, as some writers' do not. */
function byOffsets(
  { fragments, origin }: Encapsulation,
  offsets: number[],
  frames: number,
): FrameTable | null {
  if (offsets.length !== frames) return null
  const starts = new Map(fragments.map(({ offset }, index) => [offset - 8 - origin, index]))
  const indexes = offsets.map((offset) => starts.get(offset))
  if (indexes[0] !== 0) return null
  const table: Fragment[][] = []
  for (let i = 0; i < indexes.length; i += 1) {
    const from = indexes[i]
    const to = i + 1 < indexes.length ? indexes[i + 1] : fragments.length
    if (from === undefined || to === undefined || to <= from) return null
    table.push(fragments.slice(from, to))
  }
  return table
}

async function byFragments(
  source: ByteSource,
  fragments: Fragment[],
  frames: number,
): Promise<FrameTable | null> {
  if (fragments.length === 0) return null
  if (frames === 1) return [fragments]
  if (fragments.length === frames) return fragments.map((fragment) => [fragment])
  const table: Fragment[][] = []
  for (const fragment of fragments) {
    if (await beginsImage(source, fragment)) table.push([])
    table.at(-1)?.push(fragment)
  }
  return table.length === frames && table[0]?.[0] === fragments[0] ? table : null
}

/** JPEG, JPEG-LS (SOI) and JPEG 2000, HTJ2K (SOC, or a JP2 signature box) each begin with a marker of their own. */
async function beginsImage(source: ByteSource, { offset, length }: Fragment): Promise<boolean> {
  if (length < 8) return false
  const head = await source.read(offset, 8)
  const marker = head.readUInt32BE(0)
  return marker >>> 8 === 0xffd8ff || marker === 0xff4fff51 || head.readUInt32BE(4) === 0x6a502020
}
