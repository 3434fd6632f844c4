import type { LookupTable, PixelDescription } from '../dicom/pixel-description.ts'
import type { Samples } from './native.ts'

/** Typed arrays that the renderer takes. */
export type Values = Uint8Array | Uint16Array | Int16Array | Float32Array

export interface GrayImage {
  values: Values
  min: number
  max: number
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
  if (d.modalityLut) {
    const table = d.modalityLut
    const out = new Uint16Array(stored.length)
    for (let i = 0; i < stored.length; i++) out[i] = look(table, stored[i]!)
    return { values: out, ...extent(out) }
  }
  const { slope, intercept } = d
  const a = range.min * slope + intercept
  const b = range.max * slope + intercept
  const [min, max] = a <= b ? [a, b] : [b, a]
  const whole = !d.float && Number.isInteger(slope) && Number.isInteger(intercept)
  const out = roomFor(min, max, stored.length, whole)
  if (slope === 1 && intercept === 0) {
    if (out.constructor === stored.constructor) return { values: stored as Values, min, max }
    out.set(stored)
  } else {
    for (let i = 0; i < stored.length; i++) out[i] = stored[i]! * slope + intercept
  }
  return { values: out, min, max }
}

/** Modality values through a VOI table (PS3.3 C.11.2.1.1), for images that bring a table and no window. */
export function throughVoiTable(image: GrayImage, table: LookupTable): GrayImage {
  const out = new Uint16Array(image.values.length)
  for (let i = 0; i < out.length; i++) out[i] = look(table, Math.round(image.values[i]!))
  return { values: out, min: 0, max: 2 ** table.bits - 1 }
}
