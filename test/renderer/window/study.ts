import type { DicomJson, Study } from '../../../src/shared/study/index.ts'

const size = 128
const slices = 24
export const studyUid = '1.2.826.0.1.3680043.10.1700.1'
const seriesUid = `${studyUid}.1`
const instanceUid = (number: number) => `${seriesUid}.${number}`

/** A small CT of discs, enough for the window to have something to show beside a report. */
export const study: Study = {
  studyInstanceUid: studyUid,
  accessionNumber: 'CT20261122001',
  patientId: 'P0001234',
  patientName: 'Wang^Jianguo=王^建国',
  patientSex: 'M',
  patientBirthDate: '19580312',
  patientAge: '068Y',
  studyDate: '20261122',
  studyTime: '093200',
  description: '头颅CT平扫',
  bodyPart: 'HEAD',
  modalities: ['CT'],
  seriesCount: 1,
  instanceCount: slices,
  series: [
    {
      seriesInstanceUid: seriesUid,
      seriesNumber: 1,
      modality: 'CT',
      description: '平扫 5mm',
      instances: Array.from({ length: slices }, (_, index) => ({
        sopInstanceUid: instanceUid(index + 1),
        sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
        instanceNumber: index + 1,
        transferSyntaxUid: '1.2.840.10008.1.2.1',
        rows: size,
        columns: size,
        frames: 1,
      })),
    },
  ],
}

const attribute = (vr: string, ...Value: unknown[]) => ({ vr, Value })

export function seriesMetadata(): DicomJson[] {
  return Array.from({ length: slices }, (_, index) => ({
    '00080016': attribute('UI', '1.2.840.10008.5.1.4.1.1.2'),
    '00080018': attribute('UI', instanceUid(index + 1)),
    '00080060': attribute('CS', 'CT'),
    '0020000D': attribute('UI', studyUid),
    '0020000E': attribute('UI', seriesUid),
    '00200013': attribute('IS', index + 1),
    '00200032': attribute('DS', 0, 0, index * 5),
    '00200037': attribute('DS', 1, 0, 0, 0, 1, 0),
    '00200052': attribute('UI', `${studyUid}.99`),
    '00280002': attribute('US', 1),
    '00280004': attribute('CS', 'MONOCHROME2'),
    '00280010': attribute('US', size),
    '00280011': attribute('US', size),
    '00280030': attribute('DS', 1.8, 1.8),
    '00280100': attribute('US', 16),
    '00280101': attribute('US', 16),
    '00280102': attribute('US', 15),
    '00280103': attribute('US', 1),
    '00281050': attribute('DS', 40),
    '00281051': attribute('DS', 400),
    '00281052': attribute('DS', 0),
    '00281053': attribute('DS', 1),
    '00180050': attribute('DS', 5),
  }))
}

/** Little-endian signed 16-bit Hounsfield units: a skull, a brain, and something bright in it. */
export function framePixels(path: string): Buffer {
  const number = Number(/\.(\d+)\/frames/.exec(path)?.[1] ?? 1)
  const pixels = new Int16Array(size * size).fill(-1000)
  const radius = 52 - Math.abs(number - slices / 2) * 1.5
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const fromMiddle = Math.hypot(x - size / 2, (y - size / 2) * 0.85)
      const fromBleed = Math.hypot(x - 80, y - 60)
      if (fromMiddle < radius) pixels[y * size + x] = fromMiddle > radius - 4 ? 900 : fromBleed < 9 ? 75 : 35
    }
  }
  return Buffer.from(pixels.buffer)
}
