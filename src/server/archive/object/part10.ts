import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { type ByteSource, bufferSource, cursorOn } from './byte-source.ts'
import { asciiOf, type Dataset, type Element, tags, undefinedLength } from './dataset.ts'
import { isPixelData, parseDataset } from './parse.ts'
import {
  deflatedExplicitLittleEndian,
  type Encoding,
  encodingOf,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
} from './transfer-syntax.ts'
import { Unreadable } from './unreadable.ts'

/** A DICOM object's attributes, and where its pixels are. */
export interface DicomObject {
  /** As the file says, or as its bytes tell where it does not (no meta information). */
  transferSyntaxUid: string
  dataset: Dataset
  /** Offsets of the data set, the pixel element's too, are into this: the file, or the inflated data set. */
  source: ByteSource
  pixels: Element | null
  encapsulated: boolean
}

const inflate = promisify(inflateRaw)
/** More than any deflated object should need, less than would hurt the gateway. */
const inflatedLimit = 512 << 20

/**
 * Reads a PS3.10 file's attributes, up to the pixel data. Files without preamble or meta information, which older
 * systems write, are read by the encoding that their first bytes show.
 * @throws Unreadable
 */
export async function readObject(file: ByteSource): Promise<DicomObject> {
  if (file.size === 0) throw new Unreadable('empty file')
  const { meta, position } = await readMetaInformation(file)
  const named = meta ? asciiOf(meta, tags.transferSyntaxUid) : ''
  const deflated = named === deflatedExplicitLittleEndian
  const source = deflated ? await inflated(file, position) : file
  const start = deflated ? 0 : position
  if (start === source.size) throw new Unreadable('truncated file')
  const seen = await encodingSeen(source, start)
  if (!seen && !meta) throw new Unreadable('not a DICOM file')
  const transferSyntaxUid = named || syntaxOf(seen ?? { explicit: false, bigEndian: false })
  const cursor = cursorOn(source, start)
  const dataset = await parseDataset(cursor, source.size, corrected(encodingOf(transferSyntaxUid), seen))
  const pixels = [...dataset.elements.values()].find(({ tag }) => isPixelData(tag)) ?? null
  const encapsulated = pixels?.length === undefinedLength
  if (encapsulated && named === '') throw new Unreadable('encapsulated pixel data without a transfer syntax')
  return { transferSyntaxUid, dataset, source, pixels, encapsulated }
}

/** The file meta information (PS3.10 7.1), null where there is none, and where the data set begins. */
async function readMetaInformation(file: ByteSource): Promise<{ meta: Dataset | null; position: number }> {
  const prefixed = file.size >= 132 && (await file.read(128, 4)).toString('latin1') === 'DICM'
  const cursor = cursorOn(file, prefixed ? 132 : 0, 4096)
  let end = cursor.position
  while (end + 12 <= file.size) {
    cursor.position = end
    const head = await cursor.peek(12)
    if (head.readUInt16LE(0) !== 2 || !/^[A-Z]{2}$/.test(head.toString('latin1', 4, 6))) break
    const long = /^(O[BDFLVW]|S[QV]|U[CNRTV])$/.test(head.toString('latin1', 4, 6))
    end += long ? 12 + head.readUInt32LE(8) : 8 + head.readUInt16LE(6)
  }
  if (end > file.size) throw new Unreadable('truncated file')
  const begin = prefixed ? 132 : 0
  if (end === begin)
    return { meta: prefixed ? { elements: new Map(), bigEndian: false } : null, position: begin }
  cursor.position = begin
  return { meta: await parseDataset(cursor, end, { explicit: true, bigEndian: false }), position: end }
}

/** The encoding that the data set's first element shows; null where it shows none of the known. */
async function encodingSeen(source: ByteSource, start: number): Promise<Encoding | null> {
  if (start + 8 > source.size) return null
  const head = await source.read(start, 8)
  const explicit = /^[A-Z]{2}$/.test(head.toString('latin1', 4, 6))
  const little = plausibleGroup(head.readUInt16LE(0))
  if (little && explicit) return { explicit, bigEndian: false }
  if (explicit && plausibleGroup(head.readUInt16BE(0))) return { explicit, bigEndian: true }
  if (little && head.readUInt32LE(4) <= source.size - start) return { explicit: false, bigEndian: false }
  return null
}

/** Data sets begin with group 0008 nearly always, and below 0020 always where there is anything that identifies them. */
const plausibleGroup = (group: number) => group >= 0x0004 && group <= 0x0020

const syntaxOf = ({ explicit, bigEndian }: Encoding) =>
  bigEndian ? explicitBigEndian : explicit ? explicitLittleEndian : implicitLittleEndian

/** Writers that announce explicit VR and write implicit exist; the bytes decide. */
const corrected = (named: Encoding, seen: Encoding | null): Encoding =>
  seen && named.explicit && !seen.explicit && !named.bigEndian ? seen : named

async function inflated(file: ByteSource, position: number): Promise<ByteSource> {
  if (file.size - position > inflatedLimit) throw new Unreadable('deflated data set cannot be inflated')
  const packed = await file.read(position, file.size - position)
  try {
    return bufferSource(await inflate(packed, { maxOutputLength: inflatedLimit }))
  } catch (cause) {
    throw new Unreadable('deflated data set cannot be inflated', { cause })
  }
}
