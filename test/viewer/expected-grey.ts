import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What a screen must show of a file, computed apart from the viewer: gdcm takes the pixels out, and what follows is PS3.3 C.11.1, C.11.2
 * and C.7.6.3.1 once more, written for this test alone. Attributes come from dcmdump.
 */
export interface Expected {
  columns: number
  rows: number
  /** RGB bytes side by side, not rounded. */
  rgb: Float64Array
}

const dump = (file: string) =>
  execFileSync('dcmdump', ['-q', '+L', file], { encoding: 'latin1', maxBuffer: 1 << 28 })

export function expectedOf(file: string): Expected {
  const text = dump(file)
  const all = (tag: string): string[] => {
    const found = new RegExp(`^ *\\(${tag}\\) (\\w\\w) (?:\\[([^\\]]*)\\]|([^#\\s]+))`, 'm').exec(text)
    return (found?.[2] ?? found?.[3] ?? '').split('\\').filter(Boolean)
  }
  const number = (tag: string, otherwise = 0) => (all(tag)[0] === undefined ? otherwise : Number(all(tag)[0]))
  const [rows, columns] = [number('0028,0010'), number('0028,0011')]
  const [bits, stored] = [number('0028,0100'), number('0028,0101')]
  const signed = number('0028,0103') === 1
  const photometric = /\(0028,0004\) CS \[([^\]]*)\]/.exec(text)![1]!.trim()
  const raw = pixels(
    file,
    !/Used TransferSyntax: Little Endian/.test(text.slice(text.indexOf('# Dicom-Data-Set'))),
  )
  const count = rows * columns
  const rgb = new Float64Array(count * 3)

  if (photometric === 'RGB') return { rows, columns, rgb: Float64Array.from(raw.subarray(0, count * 3)) }
  if (photometric.startsWith('YBR')) {
    for (let i = 0; i < count; i++) {
      const pair = (i >> 1) * 4
      const at = photometric.endsWith('422')
        ? [pair + (i & 1), pair + 2, pair + 3]
        : [3 * i, 3 * i + 1, 3 * i + 2]
      const [y, cb, cr] = at.map((n) => raw[n]!) as [number, number, number]
      const clip = (value: number) => Math.max(0, Math.min(255, value))
      rgb[3 * i] = clip(y + 1.402 * (cr - 128))
      rgb[3 * i + 1] = clip(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128))
      rgb[3 * i + 2] = clip(y + 1.772 * (cb - 128))
    }
    return { rows, columns, rgb }
  }
  const value = (i: number) => {
    const unsigned = (bits === 8 ? raw[i]! : raw.readUInt16LE(2 * i)) & (2 ** stored - 1)
    return signed && unsigned >= 2 ** (stored - 1) ? unsigned - 2 ** stored : unsigned
  }
  if (photometric === 'PALETTE COLOR') {
    const channels = ['1201', '1202', '1203'].map((element) =>
      all(`0028,${element}`).map((hex) => Number.parseInt(hex, 16)),
    )
    for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = channels[c]![value(i)]! >> 8
    return { rows, columns, rgb }
  }
  const table = (sequence: string) => {
    if (!text.includes(`(${sequence}) SQ`)) return null
    const [length, first] = all('0028,3002').map(Number) as [number, number, number]
    const entries = all('0028,3006').map((one) =>
      text.includes('(0028,3006) OW') ? Number.parseInt(one, 16) : Number(one),
    )
    return (input: number) => entries[Math.max(0, Math.min(length - 1, input - first))]!
  }
  const modalityTable = table('0028,3000')
  const voiTable = table('0028,3010')
  const [slope, intercept] = [number('0028,1053', 1), number('0028,1052', 0)]
  const modality = Array.from({ length: count }, (_, i) =>
    modalityTable ? modalityTable(value(i)) : value(i) * slope + intercept,
  )
  const windowed = windowOf(
    modality,
    all('0028,1050')[0],
    all('0028,1051')[0],
    all('0028,1056')[0] ?? 'LINEAR',
  )
  for (let i = 0; i < count; i++) {
    const level = voiTable
      ? (voiTable(modality[i]!) / (2 ** Number(all('0028,3002')[2]) - 1)) * 255
      : windowed(modality[i]!)
    const shown = photometric === 'MONOCHROME1' ? 255 - level : level
    rgb.fill(shown, 3 * i, 3 * i + 3)
  }
  return { rows, columns, rgb }
}

/** PS3.3 C.11.2.1.2 and C.11.2.1.3, to grey levels from 0 to 255. Without a window all there is, from the least to the greatest. */
function windowOf(values: number[], centre: string | undefined, width: string | undefined, name: string) {
  if (centre === undefined || width === undefined) {
    const least = values.reduce((a, b) => Math.min(a, b))
    const greatest = values.reduce((a, b) => Math.max(a, b))
    return (x: number) => ((x - least) / (greatest - least)) * 255
  }
  const [c, w] = [Number(centre), Number(width)]
  if (name === 'SIGMOID') return (x: number) => 255 / (1 + Math.exp((-4 * (x - c)) / w))
  if (name === 'LINEAR_EXACT')
    return (x: number) => (x <= c - w / 2 ? 0 : x > c + w / 2 ? 255 : ((x - c) / w + 0.5) * 255)
  return (x: number) =>
    x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 255 : ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
}

/** The stored samples of the first frame, decompressed by gdcm. */
function pixels(file: string, compressed: boolean): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-grey-'))
  try {
    const native = compressed ? join(dir, 'native.dcm') : file
    if (compressed) execFileSync('gdcmconv', ['--raw', file, native], { stdio: 'ignore' })
    execFileSync('gdcmraw', ['-i', native, '-o', join(dir, 'pixels')], { stdio: 'ignore' })
    const [name] = readdirSync(dir).filter((one) => one.startsWith('pixels'))
    return readFileSync(join(dir, name!))
  } finally {
    rmSync(dir, { recursive: true })
  }
}
