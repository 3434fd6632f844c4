import type { DemoOrder } from '../demo/index.ts'
import { catalogue, isPhantomName } from './catalogue.ts'
import { type Element, element } from './dicom/element.ts'
import { encodeFile } from './dicom/file.ts'
import { stableUid } from './dicom/uid.ts'
import type { SeriesSpec } from './series.ts'

/** One file of a study, ready to be written. `path` is `<accession>/<series>/<instance>.dcm`. */
export interface StudyFile {
  readonly path: string
  readonly bytes: Buffer
}

const manufacturer = 'Vigil demo phantom'
const stations: Record<string, string> = { CT: 'CT-1', MR: 'MR-1', DX: 'DR-2', US: 'US-3' }

/** How many files an order's phantom has. */
export function countFiles(order: DemoOrder): number {
  return seriesOf(order).reduce((sum, series) => sum + series.count, 0)
}

/** The files of an order's study, one after the other. The same order and time give the same bytes. */
export function* studyFiles(order: DemoOrder): Generator<StudyFile> {
  for (const series of seriesOf(order)) {
    for (let number = 1; number <= series.count; number++) yield encodeInstance(order, series, number)
  }
}

/** One file of an order's study, by SeriesNumber and InstanceNumber. Throws RangeError where there is none. */
export function studyFile(order: DemoOrder, seriesNumber: number, instanceNumber: number): StudyFile {
  const series = seriesOf(order).find((one) => one.number === seriesNumber)
  if (!series || instanceNumber < 1 || instanceNumber > series.count)
    throw new RangeError(`${order.accessionNumber} has no image ${seriesNumber}/${instanceNumber}`)
  return encodeInstance(order, series, instanceNumber)
}

function seriesOf(order: DemoOrder): readonly SeriesSpec[] {
  const { phantom, studyInstanceUid, accessionNumber } = order
  if (phantom === null || studyInstanceUid === undefined) return []
  if (!isPhantomName(phantom))
    throw new RangeError(`order ${accessionNumber} names no known phantom: ${phantom}`)
  const frameOfReferenceUid = stableUid(`${accessionNumber}/frame-of-reference`)
  return catalogue[phantom].generate({ accessionNumber, studyInstanceUid, frameOfReferenceUid })
}

function encodeInstance(order: DemoOrder, series: SeriesSpec, number: number): StudyFile {
  const instance = series.image(number - 1)
  const bytes = encodeFile({
    sopClassUid: series.sopClassUid,
    sopInstanceUid: stableUid(`${order.accessionNumber}/${series.number}/${number}`),
    charset: order.characterSet,
    layout: series.layout,
    pixels: instance.pixels,
    rle: series.rle,
    elements: [
      ...patientAndStudy(order),
      ...seriesAndEquipment(order, series),
      ...series.elements,
      ...instance.elements,
      element(0x00200013, 'IS', String(number)),
    ],
  })
  const name = `${String(number).padStart(3, '0')}.dcm`
  return { path: `${order.accessionNumber}/${series.number}/${name}`, bytes }
}

/** Patient, General Study and Patient Study modules (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
function patientAndStudy(order: DemoOrder): Element[] {
  const at = localDateTime(order.scheduledAt)
  return [
    element(0x00080020, 'DA', at.date),
    element(0x00080030, 'TM', at.time),
    element(0x00080050, 'SH', order.accessionNumber),
    element(0x00080090, 'PN', order.orderingDoctor),
    element(0x00080201, 'SH', at.offset),
    element(0x00081030, 'LO', order.itemName),
    element(
      0x00100010,
      'PN',
      `${order.patientNamePinyin.replace(' ', '^')}=${order.patientNameParts.join('^')}`,
    ),
    element(0x00100020, 'LO', order.patientId),
    element(0x00100030, 'DA', order.birthDate),
    element(0x00100040, 'CS', order.sex),
    element(0x00101010, 'AS', ageAt(order.birthDate, at.date)),
    element(0x0020000d, 'UI', order.studyInstanceUid!),
    element(0x00200010, 'SH', order.accessionNumber),
  ]
}

/** General Series, General Equipment and the dates of General Image (PS3.3 C.7.3.1, C.7.5.1, C.7.6.1). */
function seriesAndEquipment(order: DemoOrder, series: SeriesSpec): Element[] {
  const at = localDateTime(order.scheduledAt)
  return [
    element(0x00080021, 'DA', at.date),
    element(0x00080022, 'DA', at.date),
    element(0x00080023, 'DA', at.date),
    element(0x00080031, 'TM', at.time),
    element(0x00080032, 'TM', at.time),
    element(0x00080033, 'TM', at.time),
    element(0x00080060, 'CS', series.modality),
    element(0x00080070, 'LO', manufacturer),
    element(0x00080080, 'LO', '示范医院'),
    element(0x00081010, 'SH', stations[series.modality] ?? 'STATION'),
    element(0x0008103e, 'LO', series.description),
    element(0x00081090, 'LO', 'Phantom'),
    element(0x00180015, 'CS', order.dicomBodyPart),
    element(0x0020000e, 'UI', stableUid(`${order.accessionNumber}/${series.number}`)),
    element(0x00200011, 'IS', String(series.number)),
  ]
}

/** DA, TM and TimezoneOffsetFromUTC of a moment, in the clock time of this machine. */
function localDateTime(epochMs: number): { date: string; time: string; offset: string } {
  const d = new Date(epochMs)
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = -d.getTimezoneOffset()
  const abs = Math.abs(minutes)
  return {
    date: `${d.getFullYear()}${two(d.getMonth() + 1)}${two(d.getDate())}`,
    time: `${two(d.getHours())}${two(d.getMinutes())}${two(d.getSeconds())}`,
    offset: `${minutes < 0 ? '-' : '+'}${two(Math.floor(abs / 60))}${two(abs % 60)}`,
  }
}

/** Completed years as an AS (PS3.5 section 6.2), both dates as DA. */
function ageAt(birthDate: string, date: string): string {
  const years = Math.floor((Number(date) - Number(birthDate)) / 10000)
  return `${String(Math.max(0, years)).padStart(3, '0')}Y`
}
