/** Writes DICOM files byte by byte, for cases that no real file has; independent of the reader under test. */

export type Value = string | number | readonly number[] | Buffer | readonly Entry[][]
export type Entry = readonly [tag: number, vr: string, value: Value]

export interface Writing {
  explicit: boolean
  bigEndian: boolean
  /** Sequences and items of undefined length, closed by delimiters. */
  delimited?: boolean
}

export const explicitLittle: Writing = { explicit: true, bigEndian: false }
export const implicitLittle: Writing = { explicit: false, bigEndian: false }
export const explicitBig: Writing = { explicit: true, bigEndian: true }

const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'])
const sizes: Record<string, number> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4, OW: 2 }

function integer(size: number, value: number, bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i += 1) bytes[bigEndian ? size - 1 - i : i] = Math.floor(value / 256 ** i) % 256
  return bytes
}

export function header(tag: number, vr: string, length: number, { explicit, bigEndian }: Writing): Buffer {
  const u16 = (value: number) => integer(2, value, bigEndian)
  const u32 = (value: number) => integer(4, value, bigEndian)
  const start = [u16(Math.floor(tag / 65_536)), u16(tag % 65_536)]
  if (!explicit || vr === '') return Buffer.concat([...start, u32(length)])
  const code = Buffer.from(vr, 'latin1')
  return longForm.has(vr)
    ? Buffer.concat([...start, code, Buffer.alloc(2), u32(length)])
    : Buffer.concat([...start, code, u16(length)])
}

function bytesOf(vr: string, value: Value, writing: Writing): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8')
    return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')])
  }
  if (typeof value === 'number') return bytesOf(vr, [value], writing)
  if (vr === 'SQ') return Buffer.concat((value as Entry[][]).map((item) => itemOf(item, writing)))
  if (vr === 'FD') {
    return Buffer.concat(
      (value as number[]).map((one) => {
        const bytes = Buffer.alloc(8)
        bytes.writeDoubleLE(one)
        return writing.bigEndian ? bytes.reverse() : bytes
      }),
    )
  }
  return Buffer.concat((value as number[]).map((one) => integer(sizes[vr] ?? 1, one, writing.bigEndian)))
}

function itemOf(entries: readonly Entry[], writing: Writing): Buffer {
  const body = encode(entries, writing)
  const undefinedLength = writing.delimited
  return Buffer.concat([
    header(0xfffee000, '', undefinedLength ? 0xffffffff : body.length, writing),
    body,
    ...(undefinedLength ? [header(0xfffee00d, '', 0, writing)] : []),
  ])
}

export function encode(entries: readonly Entry[], writing: Writing): Buffer {
  return Buffer.concat(
    entries.flatMap(([tag, vr, value]) => {
      const body = bytesOf(vr, value, writing)
      const delimited = vr === 'SQ' && writing.delimited
      return [
        header(tag, vr, delimited ? 0xffffffff : body.length, writing),
        body,
        ...(delimited ? [header(0xfffee0dd, '', 0, writing)] : []),
      ]
    }),
  )
}

export function metaInformation(transferSyntaxUid: string): Buffer {
  const rest = encode([[0x00020010, 'UI', transferSyntaxUid]], explicitLittle)
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encode([[0x00020000, 'UL', rest.length]], explicitLittle),
    rest,
  ])
}

const syntaxes = new Map<Writing, string>([
  [implicitLittle, '1.2.840.10008.1.2'],
  [explicitBig, '1.2.840.10008.1.2.2'],
])

/** A file in one of the native encodings; sorted by tag as the standard demands. */
export function dicomFile(entries: readonly Entry[], writing: Writing = explicitLittle): Buffer {
  const sorted = [...entries].sort(([a], [b]) => a - b)
  const syntax = syntaxes.get(writing) ?? '1.2.840.10008.1.2.1'
  return Buffer.concat([metaInformation(syntax), encode(sorted, writing)])
}

/** Encapsulated pixel data (PS3.5 A.4): an offset table and fragments, written as they are given. */
export function encapsulated(
  offsets: readonly number[],
  fragments: readonly Buffer[],
  closed = true,
): Buffer {
  const table = Buffer.concat(offsets.map((offset) => integer(4, offset, false)))
  return Buffer.concat([
    header(0x7fe00010, 'OB', 0xffffffff, explicitLittle),
    ...[table, ...fragments].flatMap((body) => [header(0xfffee000, '', body.length, explicitLittle), body]),
    ...(closed ? [header(0xfffee0dd, '', 0, explicitLittle)] : []),
  ])
}

export function encapsulatedFile(entries: readonly Entry[], syntax: string, pixels: Buffer): Buffer {
  const sorted = [...entries].sort(([a], [b]) => a - b)
  return Buffer.concat([metaInformation(syntax), encode(sorted, explicitLittle), pixels])
}

/** What every object needs to be filed under a study. */
export function identity(study: number, series: number, instance: number): Entry[] {
  const root = '1.2.826.0.1.3680043.10.1999'
  return [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    [0x00080018, 'UI', `${root}.${study}.${series}.${instance}`],
    [0x00080060, 'CS', 'OT'],
    [0x0020000d, 'UI', `${root}.${study}`],
    [0x0020000e, 'UI', `${root}.${study}.${series}`],
    [0x00200011, 'IS', String(series)],
    [0x00200013, 'IS', String(instance)],
  ]
}

export const place = (study: number, series: number, instance: number, frame = 1) => {
  const root = '1.2.826.0.1.3680043.10.1999'
  return {
    study: `${root}.${study}`,
    series: `${root}.${study}.${series}`,
    instance: `${root}.${study}.${series}.${instance}`,
    frame,
  }
}

export function imageModule(rows: number, columns: number, bits: number, frames = 1): Entry[] {
  return [
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    ...(frames > 1 ? [[0x00280008, 'IS', String(frames)] as const] : []),
    [0x00280010, 'US', rows],
    [0x00280011, 'US', columns],
    [0x00280100, 'US', bits],
    [0x00280101, 'US', bits],
    [0x00280102, 'US', bits - 1],
    [0x00280103, 'US', 0],
  ]
}

/** A small image of its own, whole. */
export function plainImage(
  study: number,
  series: number,
  instance: number,
  more: readonly Entry[] = [],
): Buffer {
  const pixels = Buffer.from(Array.from({ length: 16 }, (_, i) => (i * 7 + instance) % 256))
  return dicomFile([
    ...identity(study, series, instance),
    ...imageModule(4, 4, 8),
    [0x7fe00010, 'OB', pixels],
    ...more,
  ])
}
