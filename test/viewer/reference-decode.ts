import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type PixelStatistics, statisticsOf } from '../../src/renderer/viewer/pixels/statistics.ts'

/** Independent decoders: dcmtk for what it knows, OpenJPEG's own program for JPEG 2000 and HTJ2K. */
const run = promisify(execFile)

/** The program that makes a transfer syntax uncompressed. */
const decompressors: Record<string, string> = {
  '1.2.840.10008.1.2.5': 'dcmdrle',
  '1.2.840.10008.1.2.4.50': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.51': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.53': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.55': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.57': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.70': 'dcmdjpeg',
  '1.2.840.10008.1.2.4.80': 'dcmdjpls',
  '1.2.840.10008.1.2.4.81': 'dcmdjpls',
}

export const isJpeg2000 = (uid: string) => /^1\.2\.840\.10008\.1\.2\.4\.(9[01]|20[123])$/.test(uid)

async function tag(file: string, name: string): Promise<string> {
  const { stdout } = await run('dcmdump', ['-q', '+L', '-s', '+P', name, file]).catch(() => ({ stdout: '' }))
  return /^\(\w{4},\w{4}\) \w\w (?:\[(.*)\]|(\S+))/m.exec(stdout)?.slice(1).find(Boolean)?.trim() ?? ''
}

export interface Reference {
  statistics: PixelStatistics
  colour: boolean
  by: string
}

/** Binary PGM or PPM (and OpenJPEG's two-byte ones, big endian) to samples. */
function samplesOfPnm(bytes: Buffer): number[] {
  const header = /^P[56]\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(bytes.toString('latin1', 0, 200))
  if (!header) throw new Error('not a PNM file')
  const wide = Number(header[3]) > 255
  const body = bytes.subarray(header[0].length)
  return wide ? Array.from({ length: body.length >> 1 }, (_, i) => body.readUInt16BE(i * 2)) : [...body]
}

async function colourByDcmtk(file: string): Promise<Reference> {
  const out = `${file}.ppm`
  await run('dcm2pnm', ['-q', '+op', file, out])
  return { statistics: statisticsOf(samplesOfPnm(await readFile(out)), 3), colour: true, by: 'dcm2pnm' }
}

/** Stored values that are no part of the image (PS3.3 C.7.5.1.1.2), as dcmdump has them. */
export async function paddingOf(file: string): Promise<[number, number] | null> {
  const value = await tag(file, 'PixelPaddingValue')
  if (value === '') return null
  const limit = (await tag(file, 'PixelPaddingRangeLimit')) || value
  return [Math.min(Number(value), Number(limit)), Math.max(Number(value), Number(limit))]
}

const beside = (stored: number[], padding: [number, number] | null) =>
  padding ? stored.filter((value) => value < padding[0] || value > padding[1]) : stored

/** A frame's stored values through slope and intercept, from dcmdump's raw pixel data. */
async function greyByDcmtk(file: string, dir: string, by: string, frame: number): Promise<Reference> {
  await run('dcmdump', ['-q', '+W', dir, file])
  // Overlays are written too: the pixel data are the largest.
  const names = (await readdir(dir)).filter((name) => name.endsWith('.raw'))
  const raws = await Promise.all(names.map((name) => readFile(join(dir, name))))
  const bytes = raws.toSorted((a, b) => b.length - a.length)[0]
  if (!bytes) throw new Error('no raw pixel data')
  const [rows, columns, allocated, stored, representation] = await Promise.all(
    ['Rows', 'Columns', 'BitsAllocated', 'BitsStored', 'PixelRepresentation'].map(async (name) =>
      Number(await tag(file, name)),
    ),
  )
  const slope = Number((await tag(file, 'RescaleSlope')) || 1)
  const intercept = Number((await tag(file, 'RescaleIntercept')) || 0)
  const padding = await paddingOf(file)
  const before = (frame - 1) * rows! * columns!
  const samples = Array.from({ length: rows! * columns! }, (_, n) => {
    const i = before + n
    if (allocated === 1) return (bytes[i >> 3]! >> (i & 7)) & 1
    if (allocated === 32) return bytes.readUInt32LE(i * 4)
    const unsigned = allocated === 8 ? bytes[i]! : bytes.readUInt16LE(i * 2)
    const cut = unsigned & (2 ** stored! - 1)
    return representation === 1 && cut >= 2 ** (stored! - 1) ? cut - 2 ** stored! : cut
  })
  const values = beside(samples, padding).map((value) => value * slope + intercept)
  return { statistics: statisticsOf(values), colour: false, by }
}

/** A frame (from 1) of a file by dcmtk, of colour the first. Rejects where dcmtk cannot. */
export async function decodeByDcmtk(
  source: string,
  transferSyntaxUid: string,
  frame = 1,
): Promise<Reference> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-reference-'))
  try {
    const file = join(dir, 'native.dcm')
    const program = decompressors[transferSyntaxUid]
    if (program) await run(program, ['-q', source, file])
    else await run('dcmconv', ['-q', '+te', source, file])
    const samples = Number(await tag(file, 'SamplesPerPixel'))
    const palette = (await tag(file, 'PhotometricInterpretation')) === 'PALETTE COLOR'
    if (samples > 1 || palette) return await colourByDcmtk(file)
    return await greyByDcmtk(file, dir, program ?? 'dcmconv', frame)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** A JPEG 2000 codestream by opj_decompress; `signed` values come offset by half the range. */
export async function decodeByOpenJpeg(
  codestream: Uint8Array,
  d: {
    samples: number
    signed: boolean
    bitsStored: number
    slope: number
    intercept: number
    padding: [number, number] | null
  },
): Promise<Reference> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-reference-'))
  try {
    const boxed = codestream[0] === 0 && codestream[4] === 0x6a
    const input = join(dir, boxed ? 'frame.jp2' : 'frame.j2k')
    const output = join(dir, 'frame.rawl')
    await writeFile(input, codestream)
    // Raw, little endian, plane after plane, without any conversion of the values.
    const { stdout } = await run('opj_decompress', ['-i', input, '-o', output])
    const bytes = await readFile(output)
    const precise = /prec=(\d+)/.exec(stdout)?.[1]
    const wide = Number(precise ?? d.bitsStored) > 8
    const count = wide ? bytes.length >> 1 : bytes.length
    const free = 32 - d.bitsStored
    const values = Array.from({ length: count }, (_, i) => {
      const value = wide ? bytes.readUInt16LE(i * 2) : bytes[i]!
      const stored = d.signed ? (value << free) >> free : value
      return stored
    })
    if (d.samples === 1) {
      const grey = beside(values, d.padding).map((value) => value * d.slope + d.intercept)
      return { statistics: statisticsOf(grey), colour: false, by: 'opj_decompress' }
    }
    // One plane after another: put the samples of each pixel side by side.
    const plane = count / d.samples
    const byPixel = values.map((_, i) => values[(i % d.samples) * plane + Math.floor(i / d.samples)]!)
    return { statistics: statisticsOf(byPixel, d.samples), colour: d.samples > 1, by: 'opj_decompress' }
  } finally {
    await rm(dir, { recursive: true })
  }
}
