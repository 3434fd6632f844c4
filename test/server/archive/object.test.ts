import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bufferSource } from '../../../src/server/archive/object/byte-source.ts'
import { toDicomJson } from '../../../src/server/archive/object/json.ts'
import { readObject } from '../../../src/server/archive/object/part10.ts'
import {
  dicomFile,
  type Entry,
  encode,
  explicitBig,
  explicitLittle,
  header,
  identity,
  imageModule,
  implicitLittle,
  metaInformation,
  type Writing,
} from './dicom-file.ts'

const read = (bytes: Buffer) => readObject(bufferSource(bytes))
const jsonOf = async (bytes: Buffer) => toDicomJson(await read(bytes))

const rich: Entry[] = [
  ...identity(1, 1, 1),
  ...imageModule(2, 3, 16),
  [0x00100010, 'PN', 'Doe^Jane'],
  [0x00100030, 'DA', '19700101'],
  [0x00180050, 'DS', '1.5'],
  [0x00200032, 'DS', '-1.5\\2e1\\.25'],
  [0x00280009, 'AT', Buffer.from([0x18, 0x00, 0x63, 0x10])],
  [0x00280030, 'DS', '0.7\\0.7'],
  [0x00281050, 'DS', '40\\600'],
  [0x00281055, 'LO', 'SOFT\\BONE'],
  [
    0x00283010,
    'SQ',
    [
      [
        [0x00283002, 'US', [3, 0, 16]],
        [0x00283006, 'OW', [1, 258, 3]],
      ],
    ],
  ],
  [0x00204000, 'LT', 'a\\b is one value '],
  [0x52009229, 'SQ', [[[0x00289110, 'SQ', [[[0x00280030, 'DS', '0.5\\0.5']]]]]]],
  [0x60003000, 'OW', [0x00ff]],
  [0x7fe00010, 'OW', [1, 2, 3, 4, 5, 6]],
]
const littleOnly = rich.filter(([, vr]) => vr !== 'AT')

describe('reading objects', () => {
  const encodings: [string, Writing][] = [
    ['explicit little endian', explicitLittle],
    ['explicit little endian, delimited sequences', { ...explicitLittle, delimited: true }],
    ['implicit little endian', implicitLittle],
    ['explicit big endian', explicitBig],
  ]
  it.each(encodings)('%s gives the same attributes', async (_, writing) => {
    const {
      '00020010': syntax,
      '00083002': available,
      ...json
    } = await jsonOf(dicomFile(littleOnly, writing))
    expect(syntax).toEqual(available)
    const {
      '00020010': _s,
      '00083002': _a,
      ...reference
    } = await jsonOf(dicomFile(littleOnly, explicitLittle))
    expect(json).toEqual(reference)
    expect(json['00200032']).toEqual({ vr: 'DS', Value: [-1.5, 20, 0.25] })
    expect(json['00281055']).toEqual({ vr: 'LO', Value: ['SOFT', 'BONE'] })
    expect(json['00204000']).toEqual({ vr: 'LT', Value: ['a\\b is one value'] })
    expect(json['00283010']).toEqual({
      vr: 'SQ',
      Value: [
        {
          '00283002': { vr: 'US', Value: [3, 0, 16] },
          '00283006': { vr: 'OW', InlineBinary: Buffer.from([1, 0, 2, 1, 3, 0]).toString('base64') },
        },
      ],
    })
    expect(json['60003000']).toEqual({ vr: 'OW', InlineBinary: '/wA=' })
    expect(json['52009229']).toMatchObject({ vr: 'SQ' })
    expect(json['7FE00010']).toBeUndefined()
  })

  it('attribute tags are hex, in capitals', async () => {
    expect((await jsonOf(dicomFile(rich)))['00280009']).toEqual({ vr: 'AT', Value: ['00181063'] })
  })

  it.each([
    ['explicit little endian', explicitLittle, '1.2.840.10008.1.2.1'],
    ['implicit little endian', implicitLittle, '1.2.840.10008.1.2'],
    ['explicit big endian', explicitBig, '1.2.840.10008.1.2.2'],
  ] as const)('no preamble and no meta information: %s is told from the bytes', async (_, writing, uid) => {
    const object = await read(
      encode(
        [...littleOnly].sort(([a], [b]) => a - b),
        writing,
      ),
    )
    expect(object.transferSyntaxUid).toBe(uid)
    expect(toDicomJson(object)['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] })
  })

  it('deflated: attributes are read, and frames announced as what they are inflated to', async () => {
    const body = encode(
      [...rich].sort(([a], [b]) => a - b),
      explicitLittle,
    )
    const object = await read(
      Buffer.concat([metaInformation('1.2.840.10008.1.2.1.99'), deflateRawSync(body)]),
    )
    expect(object.transferSyntaxUid).toBe('1.2.840.10008.1.2.1.99')
    expect(toDicomJson(object)['00083002']).toEqual({ vr: 'UI', Value: ['1.2.840.10008.1.2.1'] })
  })

  it('US or SS follows Pixel Representation, within items as well', async () => {
    const signed = dicomFile(
      [
        ...identity(1, 1, 1),
        [0x00280103, 'US', 1],
        [0x00280106, 'SS', [65_436]],
        [0x00283000, 'SQ', [[[0x00283002, 'SS', [3, 65_535, 16]]]]],
      ],
      implicitLittle,
    )
    const json = await jsonOf(signed)
    expect(json['00280106']).toEqual({ vr: 'SS', Value: [-100] })
    expect(json['00283000']).toEqual({ vr: 'SQ', Value: [{ '00283002': { vr: 'SS', Value: [3, -1, 16] } }] })
  })

  it('UN hides what the dictionary knows: values and sequences (PS3.5 6.2.2)', async () => {
    const hidden = encode([[0x00080100, 'SH', 'T-D1100']], implicitLittle)
    const item = Buffer.concat([header(0xfffee000, '', hidden.length, implicitLittle), hidden])
    const json = await jsonOf(
      dicomFile([...identity(1, 1, 1), [0x00180015, 'UN', 'CHEST '], [0x00082218, 'UN', item]]),
    )
    expect(json['00180015']).toEqual({ vr: 'CS', Value: ['CHEST'] })
    expect(json['00082218']).toEqual({ vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['T-D1100'] } }] })
  })

  it('an extended offset table (OV) does not derail what follows', async () => {
    const json = await jsonOf(
      dicomFile([...identity(1, 1, 1), [0x00080301, 'US', 1], [0x7fe00001, 'OV', Buffer.alloc(16)]]),
    )
    expect(json['00080301']).toEqual({ vr: 'US', Value: [1] })
  })

  it('implicit VR under the name of explicit is read as what it is', async () => {
    const body = encode(
      [...littleOnly].sort(([a], [b]) => a - b),
      implicitLittle,
    )
    const json = await jsonOf(Buffer.concat([metaInformation('1.2.840.10008.1.2.1'), body]))
    expect(json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] })
    expect(json['00283010']).toMatchObject({ vr: 'SQ', Value: [{ '00283002': { Value: [3, 0, 16] } }] })
  })

  it('values longer than what is read ahead come whole', async () => {
    const palette = Buffer.from(Array.from({ length: 131_072 }, (_, i) => i % 251))
    const json = await jsonOf(
      dicomFile([...identity(1, 1, 1), [0x00281201, 'OW', palette], [0x00281202, 'OW', [7]]]),
    )
    const inline = (tag: string) =>
      Buffer.from((json[tag] as { InlineBinary: string }).InlineBinary, 'base64')
    expect(inline('00281201').equals(palette)).toBe(true)
    expect(inline('00281202')).toEqual(Buffer.from([7, 0]))
  })

  it('numbers that are none stay text, empty values null, all empty no Value', async () => {
    const json = await jsonOf(
      dicomFile([
        ...identity(1, 1, 1),
        [0x00181151, 'IS', '1A'],
        [0x00180050, 'DS', ''],
        [0x00281050, 'DS', '40\\\\50'],
        [0x00189073, 'FD', [Number.NaN]],
      ]),
    )
    expect(json['00181151']).toEqual({ vr: 'IS', Value: ['1A'] })
    expect(json['00180050']).toEqual({ vr: 'DS' })
    expect(json['00281050']).toEqual({ vr: 'DS', Value: [40, null, 50] })
    expect(json['00189073']).toEqual({ vr: 'FD', Value: [null] })
  })

  it('bulk data is left out: private blobs, unknown, waveforms', async () => {
    const json = await jsonOf(
      dicomFile([
        ...identity(1, 1, 1),
        [0x00291010, 'OB', Buffer.alloc(100_000)],
        [0x00091001, 'UN', Buffer.alloc(10)],
        [0x54001010, 'OW', Buffer.alloc(10)],
      ]),
    )
    for (const tag of ['00291010', '00091001', '54001010']) expect(json[tag]).toBeUndefined()
  })
})

describe('what cannot be read', () => {
  const whole = dicomFile(rich)
  const nested = (depth: number): Entry =>
    depth === 0 ? [0x00080100, 'SH', 'X'] : [0x0040a730, 'SQ', [[nested(depth - 1)]]]

  it.each([
    ['empty file', Buffer.alloc(0)],
    ['not a DICOM file', Buffer.from('Patient list, exported on Monday.\n'.repeat(20))],
    ['not a DICOM file', Buffer.from('%PDF-1.7')],
    ['not a DICOM file', Buffer.alloc(4000)],
    ['truncated file', whole.subarray(0, 140)],
    ['truncated file', whole.subarray(0, 300)],
    ['sequences nested deeper than 32', dicomFile([...identity(1, 1, 1), nested(40)])],
    [
      'deflated data set cannot be inflated',
      Buffer.concat([metaInformation('1.2.840.10008.1.2.1.99'), Buffer.from('nonsense')]),
    ],
    [
      'encapsulated pixel data without a transfer syntax',
      Buffer.concat([
        encode(identity(1, 1, 1), explicitLittle),
        header(0x7fe00010, 'OB', 0xffffffff, explicitLittle),
      ]),
    ],
  ])('%s', async (reason, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'Unreadable', reason })
  })

  it('is told by a reason wherever the file is cut, and never by another error', async () => {
    const delimited = dicomFile(rich, { ...explicitLittle, delimited: true })
    for (const file of [
      whole,
      delimited,
      dicomFile(littleOnly, implicitLittle),
      dicomFile(littleOnly, explicitBig),
    ]) {
      for (let length = 0; length < file.length; length += 1) {
        await read(file.subarray(0, length)).catch((error) => expect(error.name).toBe('Unreadable'))
      }
    }
  })

  it('is told by a reason whatever byte is wrong', async () => {
    const file = dicomFile(rich, { ...explicitLittle, delimited: true })
    let seed = 7
    for (let i = 0; i < 3000; i += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      const bytes = Buffer.from(file)
      bytes[132 + (seed % (file.length - 132))] = (seed >>> 8) % 256
      await read(bytes)
        .then(toDicomJson)
        .catch((error) => expect(error.name).toBe('Unreadable'))
    }
  })
})
