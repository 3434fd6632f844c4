import type { StoredFrame } from './decode-frame.ts'
import type { Samples } from './native.ts'

const dctSyntaxes = new Set(['1.2.840.10008.1.2.4.51', '1.2.840.10008.1.2.4.53', '1.2.840.10008.1.2.4.55'])

/** Sample precision in the frame header (ITU-T T.81 B.2.2), undefined where there is none. */
export function jpegPrecision(bytes: Uint8Array): number | undefined {
  for (let i = 2; i + 4 < bytes.length && bytes[i] === 0xff; ) {
    const marker = bytes[i + 1]!
    // SOF0–SOF15 without DHT, JPG and DAC.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return bytes[i + 4]
    i += marker === 0xff ? 1 : 2 + bytes[i + 2]! * 256 + bytes[i + 3]!
  }
  return undefined
}

/**
 * cornerstone's 12-bit DCT decoder scales its level shift by 4095/255 instead of 16 and so gives every sample 15 too high
 * (found against dcmtk; its top 15 values are clipped to 4095 and stay). Undone here.
 */
export function withoutExtendedOffset(samples: Samples, frame: StoredFrame): Samples {
  if (!dctSyntaxes.has(frame.transferSyntaxUid) || jpegPrecision(frame.bytes) !== 12) return samples
  return Uint16Array.from(samples, (value) => (value >= 4095 ? 4095 : Math.max(0, value - 15)))
}
