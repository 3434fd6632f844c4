import { embeddedBits } from '../dicom/overlay.ts'
import type { PixelDescription } from '../dicom/pixel-description.ts'
import { codingOf } from '../dicom/transfer-syntax.ts'
import { ImageProblem } from '../problem.ts'
import { type ColourModel, isColour, type Layout, toRgb } from './colour.ts'
import { withoutExtendedOffset } from './jpeg-extended.ts'
import { type GrayImage, toModality } from './modality.ts'
import { nativeSamples, type Samples } from './native.ts'
import { decodeRunLength } from './run-length.ts'

/** A frame as stored. */
export interface StoredFrame {
  bytes: Uint8Array
  transferSyntaxUid: string
}

/** What a codec gives: plain sample values, and whether colour came out plane by plane. */
export interface CodecResult {
  samples: Samples
  byPlane: boolean
}

/** Decodes one compressed frame, off the main thread. Rejects with ImageProblem. */
export type Codec = (frame: StoredFrame, d: PixelDescription) => Promise<CodecResult>

export type DecodedFrame =
  | { kind: 'gray'; image: GrayImage; embedded?: ReadonlyMap<number, Uint8Array> }
  | { kind: 'colour'; rgb: Uint8Array }

interface Decoded {
  samples: Samples
  layout: Layout
  model: ColourModel
  placed: boolean
}

/** Raw deflate; a padding byte after the end is no error, a stream that ends early is found by its length later. */
async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  try {
    for await (const chunk of stream.pipeThrough(new DecompressionStream('deflate-raw'))) chunks.push(chunk)
  } catch (cause) {
    if (chunks.length === 0) throw new ImageProblem('decode-failed', '', { cause })
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

function native(bytes: Uint8Array, d: PixelDescription, bigEndian: boolean): Decoded {
  const subsampled = d.photometric === 'YBR_FULL_422' && d.samplesPerPixel === 3
  return {
    samples: nativeSamples(bytes, d, bigEndian),
    layout: subsampled ? 'luminance-422' : d.planar === 1 ? 'plane' : 'pixel',
    model: d.photometric.startsWith('YBR_FULL') ? 'YBR_FULL' : 'RGB',
    placed: true,
  }
}

function runLength(bytes: Uint8Array, d: PixelDescription): Decoded {
  const pixels = d.rows * d.columns
  const planes = decodeRunLength(bytes, pixels, d.samplesPerPixel, Math.ceil(d.bitsAllocated / 8))
  const flat = {
    ...d,
    photometric: d.photometric.replace('_422', ''),
    bitsAllocated: Math.max(d.bitsAllocated, 8),
  }
  return {
    samples: nativeSamples(planes, flat, false),
    layout: 'plane',
    model: d.photometric.startsWith('YBR_FULL') ? 'YBR_FULL' : 'RGB',
    placed: true,
  }
}

/**
 * Which colour model a codec's output is in: the JPEG baseline and the JPEG 2000 decoders undo YCbCr, RCT and ICT
 * themselves; the others hand out what was stored.
 */
function modelAfterCodec(transferSyntaxUid: string, photometric: string): ColourModel {
  if (transferSyntaxUid === '1.2.840.10008.1.2.4.50') return 'RGB'
  return photometric.startsWith('YBR_FULL') ? 'YBR_FULL' : 'RGB'
}

async function decode(frame: StoredFrame, d: PixelDescription, codec: Codec): Promise<Decoded> {
  const coding = codingOf(frame.transferSyntaxUid)
  switch (coding?.kind) {
    case 'native':
      return native(frame.bytes, d, coding.bigEndian)
    case 'deflated-frame':
      return native(await inflate(frame.bytes), d, false)
    case 'run-length':
      return runLength(frame.bytes, d)
    case 'codec': {
      const { samples: decoded, byPlane } = await codec(frame, d)
      const samples = withoutExtendedOffset(decoded, frame)
      const model = modelAfterCodec(frame.transferSyntaxUid, d.photometric)
      return { samples, layout: byPlane ? 'plane' : 'pixel', model, placed: false }
    }
  }
  throw new ImageProblem('transfer-syntax-unsupported', frame.transferSyntaxUid)
}

/** A stored frame to modality values or RGB. @throws ImageProblem */
export async function decodeFrame(
  frame: StoredFrame,
  d: PixelDescription,
  codec: Codec,
): Promise<DecodedFrame> {
  const decoded = await decode(frame, d, codec)
  if (isColour(d)) return { kind: 'colour', rgb: toRgb(decoded.samples, d, decoded.layout, decoded.model) }
  const pixels = d.rows * d.columns
  if (decoded.samples.length < pixels)
    throw new ImageProblem('pixel-data-truncated', `${decoded.samples.length}/${pixels}`)
  const image = toModality(decoded.samples, d, decoded.placed)
  // What a codec gives has the stored bits alone.
  if (!decoded.placed || !d.overlayBits?.length) return { kind: 'gray', image }
  const planes = d.overlayBits.map((bit) => [bit, embeddedBits(decoded.samples, bit)] as const)
  return { kind: 'gray', image, embedded: new Map(planes) }
}
