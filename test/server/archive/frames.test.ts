import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createFrameReader } from '../../../src/server/archive/folder/frame-reader.ts'
import { withFile } from '../../../src/server/archive/folder/inspect.ts'
import { type ByteSource, bufferSource } from '../../../src/server/archive/object/byte-source.ts'
import { readObject } from '../../../src/server/archive/object/part10.ts'
import { readFrame } from '../../../src/server/archive/pixel/frame.ts'
import { layoutOf } from '../../../src/server/archive/pixel/layout.ts'
import {
  dicomFile,
  type Entry,
  encapsulated,
  encapsulatedFile,
  explicitBig,
  identity,
  imageModule,
} from './dicom-file.ts'
import { inspectFile } from './one-file.ts'
import { sharedFile, sharedFiles, sharedMissing } from './shared-files.ts'

const dir = mkdtempSync(join(tmpdir(), 'vigil-frames-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function framesOf(bytes: Buffer): Promise<Buffer[]> {
  const object = await readObject(bufferSource(bytes))
  const layout = (await layoutOf(object))!
  return Promise.all(Array.from({ length: layout.frames }, (_, i) => readFrame(object.source, layout, i)))
}
const sequence = (length: number, from = 0) =>
  Buffer.from(Array.from({ length }, (_, i) => (from + i * 31) % 256))

describe('native frames', () => {
  it('multi-frame: each by its offset', async () => {
    const pixels = sequence(4 * 4 * 2 * 3)
    const file = dicomFile([...identity(1, 1, 1), ...imageModule(4, 4, 16, 3), [0x7fe00010, 'OW', pixels]])
    expect(await framesOf(file)).toEqual([
      pixels.subarray(0, 32),
      pixels.subarray(32, 64),
      pixels.subarray(64),
    ])
  })

  it('big endian: bytes as stored', async () => {
    const pixels = sequence(32)
    const entries: Entry[] = [...identity(1, 1, 1), ...imageModule(4, 4, 16), [0x7fe00010, 'OW', pixels]]
    const file = dicomFile(entries, explicitBig)
    expect(await framesOf(file)).toEqual([pixels])
    const object = await readObject(bufferSource(file))
    expect((await layoutOf(object))?.transferSyntaxUid).toBe('1.2.840.10008.1.2.2')
  })

  it('1-bit frames that do not begin at a byte are moved to one', async () => {
    // Three frames of 3 × 3 pixels, bit after bit without a gap (PS3.5 8.1.1): 27 bits.
    const frames = ['101010101', '000111000', '111000111']
    const bits = frames.join('').padEnd(32, '0')
    const stored = Buffer.from(
      [0, 8, 16, 24].map((at) => Number.parseInt([...bits.slice(at, at + 8)].reverse().join(''), 2)),
    )
    const file = dicomFile([...identity(1, 1, 1), ...imageModule(3, 3, 1, 3), [0x7fe00010, 'OB', stored]])
    const found = (await framesOf(file)).map((frame) =>
      [...frame].map((byte) => [...byte.toString(2).padStart(8, '0')].reverse().join('')).join(''),
    )
    expect(found).toEqual(frames.map((frame) => frame.padEnd(16, '0')))
  })

  it('reads a frame of a large object, not the object', async () => {
    const frameBytes = 512 * 512 * 2
    const head = dicomFile([
      ...identity(1, 1, 1),
      ...imageModule(512, 512, 16, 500),
      [0x7fe00010, 'OW', Buffer.alloc(0)],
    ])
    head.writeUInt32LE(frameBytes * 500, head.length - 4)
    let read = 0
    const source: ByteSource = {
      size: head.length + frameBytes * 500,
      async read(position, length) {
        read += length
        const bytes = Buffer.alloc(length, 7)
        if (position < head.length) head.copy(bytes, 0, position)
        return bytes
      },
    }
    const object = await readObject(source)
    const layout = (await layoutOf(object))!
    expect(layout.frames).toBe(500)
    expect(await readFrame(source, layout, 499)).toHaveLength(frameBytes)
    expect(read).toBeLessThan(frameBytes + 200_000)
  })
})

describe('encapsulated frames', () => {
  const jpeg = (length: number, fill: number) =>
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(length - 4, fill)])
  const a = [jpeg(20, 1), Buffer.alloc(10, 2)]
  const b = [jpeg(12, 3)]
  const c = [jpeg(30, 4), Buffer.alloc(6, 5), Buffer.alloc(8, 6)]
  const frames = [a, b, c].map((parts) => Buffer.concat(parts))
  const fragments = [...a, ...b, ...c]
  const starts = [0, 20 + 8 + 10 + 8, 20 + 8 + 10 + 8 + 12 + 8]
  const file = (pixels: Buffer, more: Entry[] = [], count = 3) =>
    encapsulatedFile(
      [...identity(1, 1, 1), ...imageModule(8, 8, 8, count), ...more],
      '1.2.840.10008.1.2.4.50',
      pixels,
    )
  const extended = Buffer.alloc(24)
  starts.forEach((start, i) => {
    extended.writeBigUInt64LE(BigInt(start), i * 8)
  })

  it.each([
    ['Basic Offset Table', file(encapsulated(starts, fragments))],
    ['Extended Offset Table', file(encapsulated([], fragments), [[0x7fe00001, 'OV', extended]])],
    ['no table: by what the fragments begin with', file(encapsulated([], fragments))],
    ['a table that is wrong', file(encapsulated([0, 17, 40], fragments))],
    ['a table of the wrong length', file(encapsulated([0], fragments))],
    ['no closing delimiter', file(encapsulated(starts, fragments, false))],
  ])('%s', async (_, bytes) => {
    expect(await framesOf(bytes)).toEqual(frames)
  })

  it('an Extended Offset Table is all that tells frames apart whose fragments have no marker', async () => {
    const plain = fragments.map((fragment, i) => Buffer.alloc(fragment.length, i + 1))
    const bytes = file(encapsulated([], plain), [[0x7fe00001, 'OV', extended]])
    expect(await framesOf(bytes)).toEqual([
      Buffer.concat(plain.slice(0, 2)),
      plain[2],
      Buffer.concat(plain.slice(3)),
    ])
  })

  it('a table that leaves out the first fragment is not believed', async () => {
    const bytes = file(encapsulated(starts.slice(1), fragments), [], 2)
    await expect(framesOf(bytes)).rejects.toMatchObject({
      reason: 'frames cannot be told apart in the pixel data',
    })
  })

  it('no table, one fragment each', async () => {
    const single = [sequence(10), sequence(12, 3), sequence(6, 9)]
    expect(await framesOf(file(encapsulated([], single)))).toEqual(single)
  })

  it('one frame is all fragments', async () => {
    const parts = [sequence(10), sequence(12, 3), sequence(6, 9)]
    expect(await framesOf(file(encapsulated([], parts), [], 1))).toEqual([Buffer.concat(parts)])
  })

  it('a fragment that is cut off is an error', async () => {
    const bytes = file(encapsulated(starts, fragments, false)).subarray(0, -3)
    await expect(framesOf(bytes)).rejects.toMatchObject({ reason: 'truncated file' })
  })
})

const dcmdump = ['/usr/bin/dcmdump', '/usr/local/bin/dcmdump'].find((path) => existsSync(path))

/** The pixel data as dcmtk writes it out: native whole, encapsulated one file per item, the offset table the first. */
function dcmtkItems(file: string): Buffer[] {
  const out = mkdtempSync(join(dir, 'w-'))
  execFileSync(dcmdump!, ['+W', out, file], { stdio: 'ignore' })
  const number = (name: string) => Number(/\.(\d+)\.raw$/.exec(name)?.[1])
  return readdirSync(out)
    .filter((name) => name.startsWith(basename(file)))
    .sort((x, y) => number(x) - number(y))
    .map((name) => readFileSync(join(out, name)))
}

const exempt: Record<string, string> = {
  'emri_small_jpeg_2k_lossless_too_short.dcm': 'dcmdump refuses it: the closing delimiter is missing',
  'parametric_map_float.dcm': 'dcmdump does not write out Float Pixel Data',
  'badVR.dcm': 'Number of Frames is "1A", for which one frame is served of what are fifteen',
}

describe.skipIf(sharedMissing || !dcmdump)(
  'frames of real files are those that dcmtk finds (../shared, dcmtk are there)',
  () => {
    const readable = sharedFiles().filter((name) => !(basename(name) in exempt))

    it('byte for byte', async () => {
      const readFrameOf = createFrameReader(withFile)
      let compared = 0
      for (const name of readable) {
        const path = sharedFile(name)
        const found = await inspectFile(path).catch(() => null)
        if (!found || found.frames === 0) continue
        const frames: Buffer[] = []
        for (let i = 0; i < found.frames; i += 1) frames.push((await readFrameOf(path, i)).bytes)
        const items = dcmtkItems(path)
        const isEncapsulated = items.length > 1
        const whole = Buffer.concat(isEncapsulated ? items.slice(1) : items)
        const object = await readObject(bufferSource(readFileSync(path)))
        // dcmtk writes words in this machine's order, whatever the file's.
        if (object.dataset.bigEndian && object.pixels?.vr === 'OW') whole.swap16()
        const ours = name.endsWith('liver_nonbyte_aligned.dcm')
          ? repacked(frames, 510 * 510)
          : Buffer.concat(frames)
        expect(ours.equals(whole.subarray(0, ours.length)), name).toBe(true)
        // What is left is padding to even length, or to the next whole unit.
        expect(whole.length - ours.length, name).toBeLessThan(isEncapsulated ? 1 : 130)
        compared += 1
      }
      expect(compared).toBe(133)
    }, 60_000)

    it('JPEG decoded by dcmtk from one of our frames alone is what it decodes from the file', async () => {
      const file = sharedFile(
        'cornerstone3D/CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm',
      )
      const { bytes } = await createFrameReader(withFile)(file, 0)
      const original = readFileSync(file)
      const object = await readObject(bufferSource(original))
      const rebuilt = join(dir, 'rebuilt.dcm')
      writeFileSync(
        rebuilt,
        Buffer.concat([original.subarray(0, object.pixels!.offset - 12), encapsulated([], [bytes])]),
      )
      const decoded = [file, rebuilt].map((from, i) => {
        const to = join(dir, `decoded-${i}.dcm`)
        execFileSync('dcmdjpeg', [from, to], { stdio: 'ignore' })
        return dcmtkItems(to)[0]!
      })
      expect(decoded[0]).toHaveLength(512 * 512 * 2)
      expect(decoded[0]!.equals(decoded[1]!)).toBe(true)
    })
  },
)

/** Single-bit frames, each beginning at a byte, put together again without gaps. */
function repacked(frames: Buffer[], bits: number): Buffer {
  const out = Buffer.alloc(Math.floor((frames.length * bits) / 8))
  frames.forEach((frame, index) => {
    for (let bit = 0; bit < bits; bit += 1) {
      const at = index * bits + bit
      if (at >> 3 < out.length && (frame[bit >> 3]! >> (bit & 7)) & 1) out[at >> 3]! |= 1 << (at & 7)
    }
  })
  return out
}
