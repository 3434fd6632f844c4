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
  /** DICOM files, in the same order. */
  files: Buffer[]
}

/** The demo's head CT in thin slices. */
const accession = 'CT26011001'
const seriesNumber = 2
export const slices = 120
export const frameBytes = 512 * 512 * 2

/** `count` studies with the same pixels and UIDs of their own, so that each can be asked for a first time. At most 100. */
export async function ctStudies(dir: string, count: number): Promise<CtStudy[]> {
  const now = Date.now()
  await generateDemoStudies({ targetDir: dir, now, only: [accession] })
  const study = loadDemoOrders(now).find((order) => order.accessionNumber === accession)?.studyInstanceUid
  if (!study) throw new Error(`the demo has no study ${accession}`)
  const numbers = Array.from({ length: slices }, (_, i) => i + 1)
  const originals = await Promise.all(
    numbers.map((number) =>
      readFile(join(dir, accession, String(seriesNumber), `${String(number).padStart(3, '0')}.dcm`)),
    ),
  )
  return Array.from({ length: count }, (_, copy) => ({
    study: copied(study, copy),
    series: copied(stableUid(`${accession}/${seriesNumber}`), copy),
    instances: numbers.map((number) => copied(stableUid(`${accession}/${seriesNumber}/${number}`), copy)),
    files: originals.map((file) => restamped(file, copy)),
  }))
}

/** Of the same length, so that no length in the file changes. */
const copied = (uid: string, copy: number) => uid.slice(0, -2) + String(copy).padStart(2, '0')

const pixelData = Buffer.from([0xe0, 0x7f, 0x10, 0x00])

function restamped(file: Buffer, copy: number): Buffer {
  const end = file.indexOf(pixelData)
  const header = file
    .toString('latin1', 0, end)
    .replaceAll(/2\.25\.\d{30,39}/g, (uid) => copied(uid, copy))
    .replaceAll(accession, accession.slice(0, -2) + String(copy).padStart(2, '0'))
  return Buffer.concat([Buffer.from(header, 'latin1'), file.subarray(end)])
}
