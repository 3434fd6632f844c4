import type { LookupTable, PixelDescription } from '../dicom/pixel-description.ts'
import type { Samples } from './native.ts'

/** Typed arrays that the renderer takes. */
export type Values = Uint8Array | Uint16Array | Int16Array | Float32Array

export interface GrayImage {
  values: Values
  /** Of what is no padding. */
  min: number
  max: number
  /**
   * What `values` have where the image has nothing (pixel padding, PS3.3 C.7.5.1.1.2): far below all others, or above them where low
   * values are white, so that every window shows it black. Null where nothing is padding.
   */
  padding: number | null
}

export function extent(values: Samples): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!
    if (v < min) min = v
    if (v > max) max = v
  }
  return min <= max ? { min, max } : { min: 0, max: 0 }
}

/** Room for every value between the two, in the smallest type that the renderer takes. */
function roomFor(min: number, max: number, length: number, whole: boolean): Values {
  if (whole && min >= 0 && max <= 255) return new Uint8Array(length)
  if (whole && min >= 0 && max <= 65535) return new Uint16Array(length)
  if (whole && min >= -32768 && max <= 32767) return new Int16Array(length)
  return new Float32Array(length)
}

export function look(table: LookupTable, input: number): number {
  const last = table.entries.length - 1
  const at = input - table.first
  return table.entries[Math.max(0, Math.min(at, last))]!
}

/** True where bits other than the stored ones may be set, or the sign bit is not the container's own. */
function needsUnpacking(d: PixelDescription, min: number, max: number): boolean {
  if (d.float || d.bitsAllocated > 16 || d.bitsStored >= 32) return false
  const [low, high] = d.signed
    ? [-(2 ** (d.bitsStored - 1)), 2 ** (d.bitsStored - 1) - 1]
    : [0, 2 ** d.bitsStored - 1]
  return min < low || max > high
}

/**
 * Stored samples to modality values (PS3.3 C.11.1): the stored bits are cut out (older images keep overlays in the others)
 * and sign-extended, then the modality table or rescale slope and intercept are applied.
 * `placed` says that Bits Stored lie where High Bit has them, as in native and RLE frames; codecs give plain values.
 */
export function toModality(samples: Samples, d: PixelDescription, placed: boolean): GrayImage {
  let stored = samples
  let range = extent(samples)
  const shift = placed && d.bitsAllocated <= 16 ? Math.max(0, d.highBit + 1 - d.bitsStored) : 0
  if (shift > 0 || needsUnpacking(d, range.min, range.max)) {
    const out = d.signed ? new Int16Array(samples.length) : new Uint16Array(samples.length)
    const free = 32 - d.bitsStored
    for (let i = 0; i < samples.length; i++) {
      const cut = (samples[i]! >> shift) << free
      out[i] = d.signed ? cut >> free : cut >>> free
    }
    stored = out
    range = extent(out)
  }
  if (d.padding && d.padding.low <= range.max && d.padding.high >= range.min) {
    const beside = besidePadding(stored, d, d.padding)
    if (beside) return beside
  }
  if (d.modalityLut) {
    const table = d.modalityLut
    const out = new Uint16Array(stored.length)
    for (let i = 0; i < stored.length; i++) out[i] = look(table, stored[i]!)
    return { values: out, ...extent(out), padding: null }
  }
  const { slope, intercept } = d
  const a = range.min * slope + intercept
  const b = range.max * slope + intercept
  const [min, max] = a <= b ? [a, b] : [b, a]
  const whole = !d.float && Number.isInteger(slope) && Number.isInteger(intercept)
  const out = roomFor(min, max, stored.length, whole)
  if (slope === 1 && intercept === 0) {
    if (out.constructor === stored.constructor) return { values: stored as Values, min, max, padding: null }
    out.set(stored)
  } else {
    for (let i = 0; i < stored.length; i++) out[i] = stored[i]! * slope + intercept
  }
  return { values: out, min, max, padding: null }
}

/** Values of padding: beyond everything that a modality gives, in Int16 and in floats. */
const least = { whole: -32768, float: -1e9 }
const greatest = { whole: 32767, float: 1e9 }

/** As `toModality`, where some stored values mean that there is nothing; null where no pixel has one. */
function besidePadding(
  stored: Samples,
  d: PixelDescription,
  { low, high }: { low: number; high: number },
): GrayImage | null {
  const table = d.modalityLut
  const { slope, intercept } = d
  const modality = (value: number) => (table ? look(table, value) : value * slope + intercept)
  let [min, max, padded] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!
    if (value >= low && value <= high) padded += 1
    else {
      const given = modality(value)
      if (given < min) min = given
      if (given > max) max = given
    }
  }
  if (padded === 0) return null
  if (padded === stored.length) [min, max] = [0, 0]
  const whole = !d.float && (table !== null || (Number.isInteger(slope) && Number.isInteger(intercept)))
  const fits = whole && min > least.whole && max < greatest.whole
  const padding = (d.inverted ? greatest : least)[fits ? 'whole' : 'float']
  const values = fits ? new Int16Array(stored.length) : new Float32Array(stored.length)
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!
    values[i] = value >= low && value <= high ? padding : modality(value)
  }
  return { values, min, max, padding }
}

/** Modality values through a VOI table (PS3.3 C.11.2.1.1); padding comes out black. */
export function throughVoiTable(image: GrayImage, table: LookupTable): GrayImage {
  const out = new Uint16Array(image.values.length)
  const most = 2 ** table.bits - 1
  const black = image.padding !== null && image.padding > image.max ? most : 0
  for (let i = 0; i < out.length; i++) {
    const value = image.values[i]!
    out[i] = value === image.padding ? black : look(table, Math.round(value))
  }
  return { values: out, min: 0, max: most, padding: null }
}
