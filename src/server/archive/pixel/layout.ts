import { asciiOf, type Dataset, integerOf, tags, uint16Of } from '../object/dataset.ts'
import type { DicomObject } from '../object/part10.ts'
import { frameSyntaxOf, isVideo } from '../object/transfer-syntax.ts'
import { Unreadable } from '../object/unreadable.ts'
import { type FrameTable, readFrameTable } from './encapsulated.ts'
import type { NativePixels } from './native.ts'

/** Where an object's frames are; offsets are into its source. */
export interface PixelLayout {
  /** What a frame's bytes are in. */
  transferSyntaxUid: string
  frames: number
  native: NativePixels | null
  /** Null for native pixel data, and for a video stream, which cannot be cut at frames. */
  table: FrameTable | null
}

/** Finds every frame, and checks that it is there. Null where the object has no pixel data. @throws Unreadable */
export async function layoutOf(object: DicomObject): Promise<PixelLayout | null> {
  const { dataset, pixels, transferSyntaxUid: stored } = object
  if (!pixels) return null
  const frames = frameCountOf(dataset)
  const transferSyntaxUid = frameSyntaxOf(stored)
  if (object.encapsulated) {
    const table = isVideo(stored) ? null : await readFrameTable(object, frames)
    return { transferSyntaxUid, frames, native: null, table }
  }
  const frameBits = nativeFrameBits(dataset)
  if (pixels.offset + pixels.length > object.source.size) throw new Unreadable('truncated file')
  if (Math.ceil((frameBits * frames) / 8) > pixels.length) {
    throw new Unreadable('pixel data shorter than Rows × Columns × Frames')
  }
  return { transferSyntaxUid, frames, native: { offset: pixels.offset, frameBits }, table: null }
}

/** Number of Frames (PS3.3 C.7.6.6); 1 where it is absent or nonsense, as single-frame objects leave it out. */
export function frameCountOf(dataset: Dataset): number {
  const frames = integerOf(dataset, tags.numberOfFrames) ?? 1
  return frames >= 1 && frames <= 10_000_000 ? frames : 1
}

/**
 * Bits of one native frame: Rows × Columns × Samples per Pixel × Bits Allocated (PS3.5 8.1.1). YBR_FULL_422 and
 * YBR_PARTIAL_422 hold two samples a pixel in native form (PS3.3 C.7.6.3.1.2).
 */
function nativeFrameBits(dataset: Dataset): number {
  const rows = uint16Of(dataset, tags.rows)
  const columns = uint16Of(dataset, tags.columns)
  const allocated = uint16Of(dataset, tags.bitsAllocated)
  if (!rows || !columns || !allocated) {
    throw new Unreadable('pixel data without Rows, Columns or Bits Allocated')
  }
  const samples = uint16Of(dataset, tags.samplesPerPixel) ?? 1
  const photometric = asciiOf(dataset, tags.photometricInterpretation)
  const stored = samples === 3 && /^YBR_(FULL|PARTIAL)_422$/.test(photometric) ? 2 : samples
  return rows * columns * stored * allocated
}
