import type { DicomJson } from '../../shared/study/index.ts'
import { copied, type DataSet, dateAndTime, element } from './element.ts'

/** What every object written here needs to know. */
export interface Writing {
  /** Attributes of an instance of the study: patient and study are copied from it, and nothing else. */
  from: DicomJson
  author: string
  label: string
  now: number
  version: string
  series: string
  newUid(): string
}

const patientAndStudy: [tag: string, vr: string][] = [
  ['00080020', 'DA'],
  ['00080030', 'TM'],
  ['00080050', 'SH'],
  ['00080090', 'PN'],
  ['00100010', 'PN'],
  ['00100020', 'LO'],
  ['00100030', 'DA'],
  ['00100040', 'CS'],
  ['0020000D', 'UI'],
  ['00200010', 'SH'],
]
/** Only where the study has them (type 3). */
const optional: [tag: string, vr: string][] = [
  ['00081030', 'LO'],
  ['00100021', 'LO'],
  ['00101010', 'AS'],
]

/** The modules that every composite object has: SOP Common, Patient, General Study, Series and Equipment (PS3.3 C.7, C.12.1). */
export function documentModules(
  w: Writing,
  {
    sopClassUid,
    sopInstanceUid,
    modality,
    number,
  }: {
    sopClassUid: string
    sopInstanceUid: string
    modality: string
    number: number
  },
): DataSet {
  const { date, time } = dateAndTime(w.now)
  const known = optional.filter(([tag]) => copied(w.from, tag, '').Value.length > 0)
  return {
    '00080005': element('CS', 'ISO_IR 192'),
    '00080012': element('DA', date),
    '00080013': element('TM', time),
    '00080016': element('UI', sopClassUid),
    '00080018': element('UI', sopInstanceUid),
    '00080060': element('CS', modality),
    '00080070': element('LO', 'Vigil'),
    '00081090': element('LO', 'Vigil'),
    '0008103E': element('LO', w.label),
    ...Object.fromEntries([...patientAndStudy, ...known].map(([tag, vr]) => [tag, copied(w.from, tag, vr)])),
    '00181000': element('LO', 'gateway'),
    '00181020': element('LO', w.version),
    '0020000E': element('UI', w.series),
    '00200011': element('IS', '9900'),
    '00200013': element('IS', String(number)),
  }
}

/** A family name alone: what the session's display name is, in UTF-8. Characters that PN gives a meaning are left out. */
export const personName = (name: string) => ({
  Alphabetic: name.replaceAll(/[\\^=\p{Cc}]/gu, ' ').slice(0, 64),
})
