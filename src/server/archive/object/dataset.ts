/** One data element. `value` is null where it was not kept: sequences, pixel data and other bulk data. */
export interface Element {
  tag: number
  vr: string
  /** Where the value begins in the object's source, and its length; 0xffffffff is undefined length (PS3.5 7.1.1). */
  offset: number
  length: number
  value: Buffer | null
  items: Dataset[] | null
}

export interface Dataset {
  elements: Map<number, Element>
  bigEndian: boolean
}

export const undefinedLength = 0xffffffff

export const tags = {
  transferSyntaxUid: 0x00020010,
  mediaStorageSopClassUid: 0x00020002,
  specificCharacterSet: 0x00080005,
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
  studyInstanceUid: 0x0020000d,
  seriesInstanceUid: 0x0020000e,
  samplesPerPixel: 0x00280002,
  photometricInterpretation: 0x00280004,
  numberOfFrames: 0x00280008,
  rows: 0x00280010,
  columns: 0x00280011,
  bitsAllocated: 0x00280100,
  pixelRepresentation: 0x00280103,
  extendedOffsetTable: 0x7fe00001,
  floatPixelData: 0x7fe00008,
  doubleFloatPixelData: 0x7fe00009,
  pixelData: 0x7fe00010,
} as const

/** First value of a text element in the default repertoire, without padding; '' when absent. */
export function asciiOf(dataset: Dataset, tag: number): string {
  const text = dataset.elements.get(tag)?.value?.toString('latin1') ?? ''
  return trimPadding(text.split('\\')[0] ?? '')
}

export function uint16Of(dataset: Dataset, tag: number): number | null {
  const value = dataset.elements.get(tag)?.value
  if (!value || value.length < 2) return null
  return dataset.bigEndian ? value.readUInt16BE(0) : value.readUInt16LE(0)
}

/** Integer string; null when it is absent or not a number. */
export function integerOf(dataset: Dataset, tag: number): number | null {
  const text = asciiOf(dataset, tag)
  return /^[+-]?\d+$/.test(text) ? Number(text) : null
}

/** Without the spaces and NULs that pad values to even length. */
export function trimPadding(text: string): string {
  let end = text.length
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end -= 1
  let start = 0
  while (start < end && text.charCodeAt(start) === 0x20) start += 1
  return text.slice(start, end)
}
