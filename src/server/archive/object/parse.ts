import type { Cursor } from './byte-source.ts'
import { type Dataset, type Element, tags, undefinedLength } from './dataset.ts'
import { vrOf } from './dictionary.ts'
import { isKept } from './retention.ts'
import type { Encoding } from './transfer-syntax.ts'
import { Unreadable } from './unreadable.ts'

// Our own reader of data elements (PS3.5 section 7), not dicom-parser: that one needs the whole header in one array,
// takes an OV element's length for 16 bits (so an Extended Offset Table derails it) and ends a truncated sequence silently.

const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '))
const shortVrs = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '))
const item = 0xfffee000
const itemEnd = 0xfffee00d
const sequenceEnd = 0xfffee0dd
const deepest = 32
const memoryLimit = 64 << 20

/** What one reading may hold in memory in all, over every nesting. */
export interface Budget {
  bytes: number
}

export const newBudget = (): Budget => ({ bytes: memoryLimit })

/**
 * Reads elements up to `end` (or the item delimiter), skipping bulk values. At top level it stops before the value of
 * the pixel data element, which is the last that matters: `cursor.position` is then where that value begins.
 * @throws Unreadable
 */
export async function parseDataset(
  cursor: Cursor,
  end: number,
  encoding: Encoding,
  budget: Budget = newBudget(),
  depth = 0,
): Promise<Dataset> {
  if (depth > deepest) throw new Unreadable('sequences nested deeper than 32')
  const dataset: Dataset = { elements: new Map(), bigEndian: encoding.bigEndian }
  while (cursor.position < end) {
    if (depth === 0 && (await isTrailingPadding(cursor, end))) break
    const element = await readHeader(cursor, encoding)
    if (element.tag === itemEnd) break
    if (element.tag === sequenceEnd || element.tag === item) throw new Unreadable('malformed data set')
    spend(budget, 64)
    dataset.elements.set(element.tag, element)
    if (depth === 0 && isPixelData(element.tag)) break
    await readValue(cursor, element, encoding, budget, depth)
  }
  return dataset
}

export function isPixelData(tag: number): boolean {
  return tag === tags.pixelData || tag === tags.floatPixelData || tag === tags.doubleFloatPixelData
}

function spend(budget: Budget, bytes: number): void {
  budget.bytes -= bytes
  if (budget.bytes < 0) throw new Unreadable('header larger than 64 MiB')
}

/** Some writers fill the file up with zeros. */
async function isTrailingPadding(cursor: Cursor, end: number): Promise<boolean> {
  if (end - cursor.position < 8) return (await cursor.peek(end - cursor.position)).every((byte) => byte === 0)
  return (await cursor.peek(8)).readBigUInt64LE(0) === 0n
}

async function readHeader(cursor: Cursor, { explicit, bigEndian }: Encoding): Promise<Element> {
  const head = await cursor.take(8)
  const group = bigEndian ? head.readUInt16BE(0) : head.readUInt16LE(0)
  const number = bigEndian ? head.readUInt16BE(2) : head.readUInt16LE(2)
  const tag = group * 0x10000 + number
  const length32 = bigEndian ? head.readUInt32BE(4) : head.readUInt32LE(4)
  const vr = head.toString('latin1', 4, 6)
  const element: Element = { tag, vr, offset: cursor.position, length: length32, value: null, items: null }
  if (group === 0xfffe) return element
  // Where an explicit data set has no VR the writer slipped into implicit form; dcmtk reads it so, too.
  if (!explicit || !/^[A-Z]{2}$/.test(vr)) {
    element.vr = vrOf(tag)
    return element
  }
  const short = bigEndian ? head.readUInt16BE(6) : head.readUInt16LE(6)
  if (shortVrs.has(vr) || (!longVrs.has(vr) && short !== 0)) {
    element.length = short
  } else {
    // A VR unknown here is a later one, which are all of the long form (PS3.5 6.2 note).
    const tail = await cursor.take(4)
    element.length = bigEndian ? tail.readUInt32BE(0) : tail.readUInt32LE(0)
  }
  element.offset = cursor.position
  return element
}

async function readValue(
  cursor: Cursor,
  element: Element,
  encoding: Encoding,
  budget: Budget,
  depth: number,
): Promise<void> {
  // UN hides its contents in implicit little endian (PS3.5 6.2.2 note 2); the dictionary may still know them.
  const unknown = encoding.explicit && element.vr === 'UN'
  const inner = unknown ? { explicit: false, bigEndian: false } : encoding
  if (unknown && !encoding.bigEndian) element.vr = vrOf(element.tag)
  if (element.length === undefinedLength) {
    if (element.vr === 'OB' || element.vr === 'OW') return skipFragments(cursor, encoding)
    element.vr = 'SQ'
    element.items = await readItems(cursor, Number.POSITIVE_INFINITY, inner, budget, depth)
    return
  }
  const end = element.offset + element.length
  if (end > cursor.size) throw new Unreadable('truncated file')
  if (element.vr === 'SQ' || (await looksLikeSequence(cursor, element))) {
    element.vr = 'SQ'
    element.items = await readBoundedItems(cursor, end, inner, budget, depth)
  } else if (isKept(element.tag, element.vr, element.length)) {
    spend(budget, element.length)
    // Copied, so that a short value does not hold its whole window in memory.
    element.value = Buffer.from(await cursor.peek(element.length))
  }
  cursor.position = end
}

/** A sequence whose implicit VR no dictionary tells begins with an item tag. */
async function looksLikeSequence(cursor: Cursor, element: Element): Promise<boolean> {
  if (element.vr !== 'UN' || element.length < 8) return false
  return (await cursor.peek(4)).readUInt32LE(0) === 0xe000fffe
}

/** A sequence of known length that is not well formed costs its own contents only. */
async function readBoundedItems(
  cursor: Cursor,
  end: number,
  encoding: Encoding,
  budget: Budget,
  depth: number,
) {
  try {
    return await readItems(cursor, end, encoding, budget, depth)
  } catch (error) {
    if (error instanceof Unreadable && error.reason === 'malformed data set') return []
    throw error
  }
}

async function readItems(
  cursor: Cursor,
  end: number,
  encoding: Encoding,
  budget: Budget,
  depth: number,
): Promise<Dataset[]> {
  const items: Dataset[] = []
  while (cursor.position < end) {
    const { tag, length } = await readHeader(cursor, encoding)
    if (tag === sequenceEnd) return items
    if (tag !== item) throw new Unreadable('malformed data set')
    spend(budget, 64)
    const itemStop = length === undefinedLength ? Number.POSITIVE_INFINITY : cursor.position + length
    if (itemStop > Math.min(end, cursor.size) && length !== undefinedLength) throw overrun(end)
    items.push(await parseDataset(cursor, itemStop, encoding, budget, depth + 1))
    if (length !== undefinedLength && cursor.position !== itemStop) throw new Unreadable('malformed data set')
  }
  return items
}

/** An item that ends after its bounded sequence is malformed; after the file, the file is cut. */
const overrun = (end: number) =>
  new Unreadable(end === Number.POSITIVE_INFINITY ? 'truncated file' : 'malformed data set')

/** Encapsulated pixel data within an item, as an icon image has. */
async function skipFragments(cursor: Cursor, encoding: Encoding): Promise<void> {
  for (;;) {
    const { tag, length } = await readHeader(cursor, encoding)
    if (tag === sequenceEnd) return
    if (tag !== item || length === undefinedLength) throw new Unreadable('malformed data set')
    cursor.position += length
  }
}
