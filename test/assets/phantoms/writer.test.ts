import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import dicomParser from 'dicom-parser'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import {
  type CharacterSet,
  type Element,
  element,
  encodeDataset,
} from '../../../assets/phantoms/dicom/element.ts'
import { encodeFile, type Image, type PixelLayout } from '../../../assets/phantoms/dicom/file.ts'
import { encodeRleFrame } from '../../../assets/phantoms/dicom/rle.ts'
import { stableUid } from '../../../assets/phantoms/dicom/uid.ts'
import { createRandom } from '../../../assets/phantoms/raster/noise.ts'
import { dcmtk, dcmtkNote, haveDcmtk, temporaryFolder } from './dcmtk.ts'

const grey: PixelLayout = {
  rows: 5,
  columns: 7,
  frames: 1,
  samples: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometric: 'MONOCHROME2',
}

function image(part: Partial<Image> & { elements?: readonly Element[] } = {}): Image {
  const layout = part.layout ?? grey
  const bytes = layout.rows * layout.columns * layout.frames * layout.samples * (layout.bitsAllocated / 8)
  return {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    sopInstanceUid: stableUid('test/1'),
    charset: 'ISO_IR 192',
    elements: [],
    pixels: new Uint8Array(bytes).fill(3),
    rle: false,
    ...part,
    layout,
  }
}

/** Bytes with runs, literals and everything between: what RLE has to get right. */
function varied(length: number, seed: number): Uint8Array {
  const random = createRandom(seed)
  const out = new Uint8Array(length)
  for (let i = 0; i < length; ) {
    const run = Math.floor(random() * (random() < 0.2 ? 400 : 4)) + 1
    out.fill(Math.floor(random() * 256), i, i + run)
    i += run
  }
  return out
}

describe('DICOM writer', () => {
  it('writes a preamble, a right group length and even value lengths', () => {
    const file = encodeFile(
      image({ elements: [element(0x0020000d, 'UI', '2.25.12'), element(0x00100020, 'LO', '123')] }),
    )
    expect(file.subarray(128, 132).toString('latin1')).toBe('DICM')
    const parsed = dicomParser.parseDicom(file)
    expect(parsed.string('x00020010')).toBe('1.2.840.10008.1.2.1')
    expect(parsed.uint32('x00020000')).toBe(
      parsed.elements.x00020013!.dataOffset + parsed.elements.x00020013!.length - 144,
    )
    expect(parsed.elements.x0020000d!.length).toBe(8)
    expect(file[parsed.elements.x0020000d!.dataOffset + 7]).toBe(0)
    expect(file[parsed.elements.x00100020!.dataOffset + 3]).toBe(0x20)
    for (const { length } of Object.values(parsed.elements)) expect(length % 2).toBe(0)
  })

  it.each<[CharacterSet, string]>([
    ['GB18030', 'gb18030'],
    ['ISO_IR 192', 'utf8'],
  ])('writes names in %s', (charset, encoding) => {
    const name = 'Wang^Xiaoming=王^小明'
    const file = encodeFile(image({ charset, elements: [element(0x00100010, 'PN', name)] }))
    const parsed = dicomParser.parseDicom(file)
    const { dataOffset, length } = parsed.elements.x00100010!
    expect(iconv.decode(file.subarray(dataOffset, dataOffset + length), encoding).trimEnd()).toBe(name)
    expect(parsed.string('x00080005')).toBe(charset)
  })

  it('writes sequences, numbers and several values', () => {
    const file = encodeFile(
      image({
        elements: [
          element(0x00082218, 'SQ', [[element(0x00080100, 'SH', 'A')], [element(0x00080100, 'SH', 'BC')]]),
          element(0x00280030, 'DS', ['0.5', '0.25']),
          element(0x00281041, 'SS', -1),
          element(0x0018602c, 'FD', 0.038),
        ],
      }),
    )
    const parsed = dicomParser.parseDicom(file)
    expect(parsed.elements.x00082218!.items!.map((item) => item.dataSet!.string('x00080100'))).toEqual([
      'A',
      'BC',
    ])
    expect(parsed.floatString('x00280030', 1)).toBe(0.25)
    expect(parsed.int16('x00281041')).toBe(-1)
    expect(parsed.double('x0018602c')).toBe(0.038)
  })

  it.each<[string, Element[]]>([
    ['(0010,0020) occurs twice', [element(0x00100020, 'LO', 'a'), element(0x00100020, 'LO', 'b')]],
    ['(0008,0050) SH is longer than 16', [element(0x00080050, 'SH', '12345678901234567')]],
    ['(0020,000D) is not a UID', [element(0x0020000d, 'UI', '2.25.012')]],
    ['(0028,0010) US needs an integer', [element(0x00280010, 'US', 1.5)]],
    ['(0010,0020) LO contains a backslash', [element(0x00100020, 'LO', 'a\\b')]],
  ])('refuses: %s', (message, elements) => {
    expect(() => encodeDataset(elements, 'ISO_IR 192')).toThrow(message)
  })

  it('refuses a character whose GB18030 bytes read as a backslash, without repeating it', () => {
    const torn = '乗'
    expect(iconv.encode(torn, 'gb18030').includes(0x5c)).toBe(true)
    const attempt = () => encodeDataset([element(0x00100010, 'PN', torn)], 'GB18030')
    expect(attempt).toThrow('(0010,0010)')
    expect(attempt).not.toThrow(torn)
  })

  it('refuses pixels that do not fill the layout', () => {
    expect(() => encodeFile(image({ pixels: new Uint8Array(3) }))).toThrow('layout needs 70')
  })

  it('makes RLE segments from the high byte down, even in length', () => {
    const frame = encodeRleFrame(new Uint8Array([1, 2, 1, 2, 1, 2, 9, 8]), 4, 2, 1)
    expect([frame.readUInt32LE(0), frame.readUInt32LE(4)]).toEqual([2, 64])
    expect([...frame.subarray(64)]).toEqual([254, 2, 0, 8, 254, 1, 0, 9])
  })
})

describe.skipIf(!haveDcmtk)(`DICOM writer against dcmtk${dcmtkNote}`, () => {
  it.each<CharacterSet>(['GB18030', 'ISO_IR 192'])('dcmdump shows a name in %s', (charset) => {
    const file = join(temporaryFolder(), 'name.dcm')
    writeFileSync(
      file,
      encodeFile(image({ charset, elements: [element(0x00100010, 'PN', 'Wang^Xiaoming=王^小明')] })),
    )
    expect(dcmtk('dcmdump', ['+U8', '+P', '0010,0010', file])).toContain('[Wang^Xiaoming=王^小明]')
  })

  it.each<[string, PixelLayout]>([
    ['16 bit', { ...grey, rows: 61, columns: 513 }],
    [
      '8 bit RGB, three frames',
      {
        ...grey,
        rows: 33,
        columns: 131,
        frames: 3,
        samples: 3,
        bitsAllocated: 8,
        bitsStored: 8,
        photometric: 'RGB',
      },
    ],
  ])('dcmdrle gives back the pixels of RLE, %s', (_, layout) => {
    const length = layout.rows * layout.columns * layout.frames * layout.samples * (layout.bitsAllocated / 8)
    const pixels = varied(length, 5)
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'rle.dcm'), encodeFile(image({ layout, pixels, rle: true })))
    dcmtk('dcmdrle', [join(folder, 'rle.dcm'), join(folder, 'plain.dcm')])
    const plain = readFileSync(join(folder, 'plain.dcm'))
    const { dataOffset } = dicomParser.parseDicom(plain).elements.x7fe00010!
    expect(Buffer.compare(plain.subarray(dataOffset, dataOffset + length), pixels)).toBe(0)
  })
})
