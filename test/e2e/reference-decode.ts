import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a viewer must show of an image: the modality values (stored values through rescale), as dcmtk decodes them. */
export interface PixelStatistics {
  min: number
  max: number
  mean: number
}

/**
 * Decodes a single-frame greyscale file with dcmtk (`dcmdump +W` writes the raw pixel data) and applies the rescale.
 * An independent implementation, so that a shared mistake of ours cannot hide.
 */
export function referenceStatistics(file: string): PixelStatistics {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-reference-'))
  try {
    const text = execFileSync(
      'dcmdump',
      ['+P', '0028,0100', '+P', '0028,0103', '+P', '0028,1052', '+P', '0028,1053', file],
      {
        encoding: 'utf8',
      },
    )
    const number = (tag: string, otherwise: number) => {
      const match = new RegExp(`\\(${tag}\\) \\w\\w \\[?(-?[\\d.]+)`).exec(text)
      return match ? Number(match[1]) : otherwise
    }
    const slope = number('0028,1053', 1)
    const intercept = number('0028,1052', 0)
    const signed = number('0028,0103', 0) === 1
    if (number('0028,0100', 16) !== 16) throw new Error('16 bits allocated expected')
    execFileSync('dcmdump', ['+W', dir, file], { stdio: 'ignore' })
    const raw = execFileSync('sh', ['-c', 'cat "$1"/*.raw', 'sh', dir], { maxBuffer: 64 * 1024 * 1024 })
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    let sum = 0
    const count = raw.byteLength / 2
    for (let at = 0; at < raw.byteLength; at += 2) {
      const value = (signed ? view.getInt16(at, true) : view.getUint16(at, true)) * slope + intercept
      if (value < min) min = value
      if (value > max) max = value
      sum += value
    }
    return { min, max, mean: sum / count }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** SOP Instance UID → file, for a list of DICOM files. */
export function filesByInstance(files: readonly string[]): Map<string, string> {
  return new Map(
    files.map((file) => {
      const text = execFileSync('dcmdump', ['+P', '0008,0018', file], { encoding: 'utf8' })
      return [/\[([\d.]+)\]/.exec(text)?.[1] ?? '', file]
    }),
  )
}
