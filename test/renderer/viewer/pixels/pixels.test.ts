import { describe, expect, it } from 'vitest'
import type { PixelDescription } from '../../../../src/renderer/viewer/dicom/pixel-description.ts'
import { toRgb } from '../../../../src/renderer/viewer/pixels/colour.ts'
import { decodeFrame } from '../../../../src/renderer/viewer/pixels/decode-frame.ts'
import { jpegPrecision, withoutExtendedOffset } from '../../../../src/renderer/viewer/pixels/jpeg-extended.ts'
import { throughVoiTable, toModality } from '../../../../src/renderer/viewer/pixels/modality.ts'
import { nativeSamples } from '../../../../src/renderer/viewer/pixels/native.ts'
import { decodeRunLength } from '../../../../src/renderer/viewer/pixels/run-length.ts'
import { statisticsOf } from '../../../../src/renderer/viewer/pixels/statistics.ts'

const d = (change: Partial<PixelDescription> = {}): PixelDescription => ({
  rows: 1,
  columns: 2,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planar: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: false,
  float: false,
  slope: 1,
  intercept: 0,
  modalityLut: null,
  palette: null,
  ...change,
})
const bytes = (...values: number[]) => Uint8Array.from(values)

describe('native samples', () => {
  it('reads both byte orders, signed and unsigned', () => {
    expect([...nativeSamples(bytes(1, 2, 0xff, 0xff), d(), false)]).toEqual([0x0201, 0xffff])
    expect([...nativeSamples(bytes(2, 1, 0xff, 0xfe), d({ signed: true }), true)]).toEqual([0x0201, -2])
  })

  it('reads unaligned bytes, single bits and floats', () => {
    expect([...nativeSamples(bytes(9, 1, 0, 2, 0).subarray(1), d(), false)]).toEqual([1, 2])
    const bits = d({ bitsAllocated: 1, bitsStored: 1, columns: 10 })
    expect([...nativeSamples(bytes(0b00000101, 0b10), bits, false)]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
    const float = new Uint8Array(new Float32Array([0.5, -2]).buffer)
    expect([...nativeSamples(float, d({ bitsAllocated: 32, float: true }), false)]).toEqual([0.5, -2])
  })

  it('refuses a frame that is too short, saying by how much', () => {
    expect(() => nativeSamples(bytes(1, 2, 3), d(), false)).toThrow(
      expect.objectContaining({ code: 'pixel-data-truncated', detail: '3/4' }),
    )
  })
})

describe('modality values', () => {
  it('cuts the stored bits out and extends the sign', () => {
    // 12 stored bits, an overlay in the highest bit.
    const twelve = d({ bitsStored: 12, highBit: 11, signed: true })
    const { values, min, max } = toModality(Int16Array.from([0x0fff, -0x8000 + 5]), twelve, true)
    expect([...values]).toEqual([-1, 5])
    expect({ min, max }).toEqual({ min: -1, max: 5 })
  })

  it('moves bits that are stored high, in native frames only', () => {
    const high = d({ bitsStored: 12, highBit: 15 })
    expect([...toModality(Uint16Array.from([0x1230, 0xfff0]), high, true).values]).toEqual([0x123, 0xfff])
    expect([...toModality(Uint16Array.from([0x123, 0xfff]), high, false).values]).toEqual([0x123, 0xfff])
  })

  it('rescales, in a type that holds the result', () => {
    const hounsfield = toModality(Uint16Array.from([0, 2000]), d({ intercept: -1024 }), true)
    expect(hounsfield).toMatchObject({ values: Int16Array.from([-1024, 976]), min: -1024, max: 976 })
    const fine = toModality(Uint16Array.from([1, 2]), d({ slope: 0.25 }), true)
    expect(fine.values).toEqual(Float32Array.from([0.25, 0.5]))
    const falling = toModality(Uint16Array.from([1, 2]), d({ slope: -1 }), true)
    expect(falling).toMatchObject({ min: -2, max: -1 })
  })

  it('looks tables up, beyond their ends too', () => {
    const table = { first: 10, bits: 16, entries: Uint16Array.from([100, 200, 300]) }
    const through = toModality(Uint16Array.from([0, 11, 99]), d({ columns: 3, modalityLut: table }), true)
    expect([...through.values]).toEqual([100, 200, 300])
    expect([...throughVoiTable(through, { ...table, first: 100 }).values]).toEqual([100, 300, 300])
  })
})

describe('run length', () => {
  const segments = (...all: number[][]) => {
    const header = new DataView(new ArrayBuffer(64))
    header.setUint32(0, all.length, true)
    let at = 64
    all.forEach((segment, i) => {
      header.setUint32(4 + 4 * i, at, true)
      at += segment.length
    })
    return Uint8Array.from([...new Uint8Array(header.buffer), ...all.flat()])
  }

  it('joins byte planes, most significant first, and sample planes one after another', () => {
    // Literal run of two, repeat of two; then two more samples.
    const coded = segments([1, 0x12, 0x34], [255, 0xab], [255, 1], [1, 2, 3])
    expect([...decodeRunLength(coded, 2, 2, 2)]).toEqual([0xab, 0x12, 0xab, 0x34, 2, 1, 3, 1])
  })

  it('refuses short segments and wrong headers', () => {
    expect(() => decodeRunLength(segments([0, 1]), 2, 1, 1)).toThrow(
      expect.objectContaining({ code: 'pixel-data-truncated' }),
    )
    expect(() => decodeRunLength(segments([0, 1]), 1, 1, 2)).toThrow(
      expect.objectContaining({ code: 'decode-failed' }),
    )
  })
})

describe('colour', () => {
  const rgb = d({ samplesPerPixel: 3, photometric: 'RGB', bitsAllocated: 8, bitsStored: 8, highBit: 7 })

  it('takes planes apart and keeps pixels as they are', () => {
    expect([...toRgb(bytes(1, 2, 3, 4, 5, 6), rgb, 'pixel', 'RGB')]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...toRgb(bytes(1, 2, 3, 4, 5, 6), rgb, 'plane', 'RGB')]).toEqual([1, 3, 5, 2, 4, 6])
  })

  it('turns YCbCr into RGB, subsampled too', () => {
    expect([...toRgb(bytes(76, 85, 255, 255, 128, 128), rgb, 'pixel', 'YBR_FULL')]).toEqual([
      254, 0, 0, 255, 255, 255,
    ])
    expect([...toRgb(bytes(76, 76, 85, 255), rgb, 'luminance-422', 'YBR_FULL')]).toEqual([
      254, 0, 0, 254, 0, 0,
    ])
  })

  it('keeps the upper bits of deeper colour', () => {
    const deep = { ...rgb, bitsAllocated: 16, bitsStored: 16 }
    expect([...toRgb(Uint16Array.from([65535, 256, 0, 0, 0, 0]), deep, 'pixel', 'RGB')].slice(0, 3)).toEqual([
      255, 1, 0,
    ])
  })

  it('looks palettes up, with 8-bit entries in 16-bit tables', () => {
    const channel = (...entries: number[]) => ({ first: 1, bits: 16, entries: Uint16Array.from(entries) })
    const palette = { red: channel(0xff00, 0x8000), green: channel(7, 9), blue: channel(0, 0) }
    const described = { ...rgb, samplesPerPixel: 1, photometric: 'PALETTE COLOR', palette }
    expect([...toRgb(bytes(0, 2), described, 'pixel', 'RGB')]).toEqual([255, 7, 0, 128, 9, 0])
    expect(() => toRgb(bytes(0, 2), { ...described, palette: null }, 'pixel', 'RGB')).toThrow(
      expect.objectContaining({ code: 'palette-missing' }),
    )
  })
})

describe('frames', () => {
  const none = () => Promise.reject(new Error('no codec'))

  it('refuses a transfer syntax that it does not know, and the one known to decode wrongly', async () => {
    for (const transferSyntaxUid of ['1.2.840.10008.1.2.4.102', '1.2.840.10008.1.2.4.55'])
      await expect(decodeFrame({ bytes: bytes(1, 2), transferSyntaxUid }, d(), none)).rejects.toMatchObject({
        code: 'transfer-syntax-unsupported',
        detail: transferSyntaxUid,
      })
  })

  it('refuses a codec result that is too small', async () => {
    const short = () => Promise.resolve({ samples: Uint8Array.of(1), byPlane: false })
    const frame = { bytes: bytes(1, 2), transferSyntaxUid: '1.2.840.10008.1.2.4.80' }
    await expect(decodeFrame(frame, d(), short)).rejects.toMatchObject({ code: 'pixel-data-truncated' })
  })

  it('undoes the 12-bit level shift only where the stream has 12 bits', () => {
    const stream = (precision: number) =>
      bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc1, 0, 17, precision, 0)
    expect(jpegPrecision(stream(12))).toBe(12)
    const frame = (precision: number, transferSyntaxUid = '1.2.840.10008.1.2.4.51') => ({
      bytes: stream(precision),
      transferSyntaxUid,
    })
    const samples = Uint16Array.from([3, 15, 1000, 4095])
    expect([...withoutExtendedOffset(samples, frame(12))]).toEqual([0, 0, 985, 4095])
    expect(withoutExtendedOffset(samples, frame(8))).toBe(samples)
    expect(withoutExtendedOffset(samples, frame(12, '1.2.840.10008.1.2.4.70'))).toBe(samples)
  })
})

describe('pixel padding', () => {
  const signed = d({ signed: true, intercept: -24 })
  const stored = Int16Array.from([-2000, -1000, 40, -1900])

  it('is left out of the range and of the figures, and lies below everything', () => {
    const ranged = toModality(stored, { ...signed, padding: { low: -2000, high: -1900 } }, true)
    expect(ranged).toEqual({
      values: Int16Array.from([-32768, -1024, 16, -32768]),
      min: -1024,
      max: 16,
      padding: -32768,
    })
    expect(statisticsOf(ranged.values, 1, ranged.padding)).toEqual({
      min: -1024,
      max: 16,
      mean: -504,
      channels: [-504],
    })
    const single = toModality(stored, { ...signed, padding: { low: -2000, high: -2000 } }, true)
    expect(single).toMatchObject({ min: -1924, max: 16, padding: -32768 })
  })

  it('lies above everything where low values are white, and in floats where no whole number is free', () => {
    const white = { ...signed, inverted: true, padding: { low: -2000, high: -2000 } }
    expect(toModality(stored, white, true)).toMatchObject({ min: -1924, max: 16, padding: 32767 })
    const wide = toModality(Uint16Array.from([0, 60000]), { ...d(), padding: { low: 0, high: 0 } }, true)
    expect(wide).toEqual({ values: Float32Array.from([-1e9, 60000]), min: 60000, max: 60000, padding: -1e9 })
  })

  it('changes nothing where no pixel has the value, and does not fall over an image of nothing else', () => {
    const far = { ...signed, padding: { low: 7, high: 9 } }
    expect(toModality(stored, far, true)).toEqual(toModality(stored, signed, true))
    const all = toModality(Int16Array.from([5, 5]), { ...signed, padding: { low: 5, high: 5 } }, true)
    expect(all).toMatchObject({ min: 0, max: 0 })
    expect(statisticsOf(all.values, 1, all.padding).mean).toBe(0)
  })

  it('comes out black of a VOI table, whichever way the image is shown', () => {
    const table = { first: -1024, bits: 8, entries: Uint16Array.from([9, 200]) }
    const through = (inverted: boolean) =>
      throughVoiTable(
        toModality(stored, { ...signed, inverted, padding: { low: -2000, high: -1900 } }, true),
        table,
      )
    expect([...through(false).values]).toEqual([0, 9, 200, 0])
    expect([...through(true).values]).toEqual([255, 9, 200, 255])
  })
})

describe('statistics', () => {
  it('gives the mean of all and of each channel', () => {
    expect(statisticsOf([1, 2, 3, 5, 6, 7], 3)).toEqual({ min: 1, max: 7, mean: 4, channels: [3, 4, 5] })
  })
})
