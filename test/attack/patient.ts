import type { Order } from '../../src/shared/order/index.ts'
import { dicomFile, identity, imageModule, place } from '../server/archive/dicom-file.ts'
import { anOrder } from '../server/reports/reading-room.ts'

/** The patient of the attack tests: every fact is one that may stand nowhere in the clear. */
export const patient = {
  name: '尉迟珍珠',
  pinyin: 'Yuchi Zhenzhu',
  id: 'PATIENT-7f3a91',
  accession: 'ACC-7f3a91',
  phone: '13912345678',
  clinicalInfo: '车祸外伤两小时伴意识模糊',
}

export const report = {
  findings: '右侧胸腔大量积气，右肺压缩约百分之八十，纵隔左移，考虑张力性气胸。',
  impression: '右侧张力性气胸。',
}

export const params = {
  ...place(1, 1, 1),
  accession: patient.accession,
  // Of nobody and nothing: what is done to them is refused for what is asked.
  id: '00000000-0000-4000-8000-000000000000',
  fingerprint: '0'.repeat(64),
  alert: '0'.repeat(16),
  version: 'D999',
  target: 'nobody',
  area: 'viewer',
  image: '0'.repeat(64),
  report: '0'.repeat(22),
  format: 'pdf',
}
export const { study, series, instance } = params

/** 64 bytes that stand nowhere else, four times over: the image's pixels. */
export const pixelRun = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37 + 11) % 256))

/** Their image, whose file also stands for "DICM" on the disk of the archive. */
export function studyFile(): Buffer {
  return dicomFile([
    ...identity(1, 1, 1),
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080050, 'SH', patient.accession],
    [0x00100010, 'PN', patient.name],
    [0x00100020, 'LO', patient.id],
    [0x00100030, 'DA', '19600102'],
    [0x00100040, 'CS', 'M'],
    ...imageModule(16, 16, 8),
    [0x7fe00010, 'OB', Buffer.concat([pixelRun, pixelRun, pixelRun, pixelRun])],
  ])
}

/** Their order, and another patient's. */
export function ordersOf(): Order[] {
  const { id, accession } = patient
  return [
    anOrder(accession, {
      studyInstanceUid: study,
      patientId: id,
      patientName: patient.name,
      patientNamePinyin: patient.pinyin,
      phone: patient.phone,
      clinicalInfo: patient.clinicalInfo,
    }),
    anOrder('ACC-other', { patientId: 'PATIENT-other', patientName: '司马另人', studyInstanceUid: '1.2.9' }),
  ]
}
