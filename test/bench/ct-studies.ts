import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadDemoOrders } from '../../assets/demo/index.ts'
import { stableUid } from '../../assets/phantoms/dicom/uid.ts'
import { generateDemoStudies } from '../../assets/phantoms/index.ts'

/** One CT study of one series, its slices uncompressed, 512 × 512, 16 bit. */
export interface CtStudy {
  study: string
  series: string
  /** In slice order. */
  instances: string[]
}

/** The demo's head CT in thin slices; what is beyond them are the same pixels once more, higher up. */
const accession = 'CT26011001'
const seriesNumber = 2
const made = 120
export const slices = 300
export const frameBytes = 512 * 512 * 2

/**
 * `count` studies with the same pixels, of patients and with UIDs of their own, so that each can be asked for a first time and none
 * is another's prior (which the product would hang beside it, and get ahead); at most 100. `files` of one are made when they are
 * asked for.
 */
export async function ctStudies(
  dir: string,
  count: number,
): Promise<{ study: CtStudy; files(): Buffer[] }[]> {
  const now = Date.now()
  await generateDemoStudies({ targetDir: dir, now, only: [accession] })
  const study = loadDemoOrders(now).find((order) => order.accessionNumber === accession)?.studyInstanceUid
  if (!study) throw new Error(`the demo has no study ${accession}`)
  const originals = await Promise.all(
    Array.from({ length: made }, (_, i) =>
      readFile(join(dir, accession, String(seriesNumber), `${String(i + 1).padStart(3, '0')}.dcm`)),
    ),
  )
  const all = Array.from({ length: slices }, (_, i) => ({
    file: originals[i % made]!,
    uid: stableUid(`${accession}/${seriesNumber}/${(i % made) + 1}`),
    round: Math.floor(i / made),
    number: i + 1,
  }))
  return Array.from({ length: count }, (_, copy) => ({
    study: {
      study: copied(study, copy),
      series: copied(stableUid(`${accession}/${seriesNumber}`), copy),
      instances: all.map(({ uid, round }) => copied(uid, copy, round)),
    },
    files: () => all.map((slice) => restamped(slice, copy)),
  }))
}

/** Of the same length, so that no length in the file changes by it. */
const copied = (uid: string, copy: number, round = 0) =>
  `${uid.slice(0, -3)}${round}${String(copy).padStart(2, '0')}`

const pixelData = Buffer.from([0xe0, 0x7f, 0x10, 0x00])

function restamped(
  slice: { file: Buffer; uid: string; round: number; number: number },
  copy: number,
): Buffer {
  const { file, uid, round, number } = slice
  const end = file.indexOf(pixelData)
  let header = file
    .toString('latin1', 0, end)
    .replaceAll(/2\.25\.\d{30,39}/g, (found) => copied(found, copy, found === uid ? round : 0))
    .replaceAll(accession, accession.slice(0, -2) + String(copy).padStart(2, '0'))
  header = withText(
    header,
    '\x10\x00\x20\x00LO',
    (patient) => `${patient.slice(0, -2)}${String(copy).padStart(2, '0')}`,
  )
  if (round > 0) {
    header = withText(header, '\x20\x00\x13\x00IS', () => String(number))
    header = withText(header, '\x20\x00\x32\x00DS', (position) => {
      const [x = '', y = '', z = ''] = position.split('\\')
      return [x, y, String(Number(z) + 144 * round)].join('\\')
    })
    header = withText(header, '\x20\x00\x41\x10DS', (z) => String(Number(z) + 144 * round))
  }
  return Buffer.concat([Buffer.from(header, 'latin1'), file.subarray(end)])
}

/** An explicit VR little endian element of a short text (PS3.5 7.1.2) with another value, padded to even length. */
function withText(header: string, tagAndVr: string, change: (value: string) => string): string {
  const at = header.indexOf(tagAndVr)
  if (at < 0) return header
  const length = header.charCodeAt(at + 6) + 256 * header.charCodeAt(at + 7)
  const text = change(header.slice(at + 8, at + 8 + length).trim())
  const padded = text.length % 2 === 0 ? text : `${text} `
  const size = String.fromCharCode(padded.length % 256, padded.length >> 8)
  return header.slice(0, at + 6) + size + padded + header.slice(at + 8 + length)
}
