import { tags } from './dataset.ts'

const bulkVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'])
const textLimit = 1 << 20
const inlineLimit = 1 << 19
const offsetTableLimit = 8 << 20

/**
 * Bulk attributes that a viewer cannot show an image without: palettes (PS3.3 C.7.6.3.1.5, C.7.9), LUT data (C.11),
 * overlays (C.9). They go into the metadata as InlineBinary; all other bulk data is left out.
 */
export function isInlined(tag: number): boolean {
  if ((tag & 0xff00ffff) >>> 0 === 0x60003000) return (tag >>> 16) % 2 === 0
  return (
    (tag >= 0x00281201 && tag <= 0x00281204) || (tag >= 0x00281221 && tag <= 0x00281223) || tag === 0x00283006
  )
}

export function isBulkVr(vr: string): boolean {
  return bulkVrs.has(vr)
}

/** Whether the value is held in memory while the object's attributes are looked at. */
export function isKept(tag: number, vr: string, length: number): boolean {
  if (tag === tags.extendedOffsetTable) return length <= offsetTableLimit
  return bulkVrs.has(vr) ? isInlined(tag) && length <= inlineLimit : length <= textLimit
}
