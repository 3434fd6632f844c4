import {
  type DicomJson,
  type Instance,
  type Series,
  type StudySummary,
  Uid,
} from '../../../shared/study/index.ts'
import { allText, count, number, text } from './attribute.ts'
import { displayName } from './person-name.ts'

/** A study's attributes as its summary shows them; counts and modalities are its caller's to say. */
export type StudyFacts = Omit<StudySummary, 'modalities' | 'seriesCount' | 'instanceCount'>
export type SeriesFacts = Omit<Series, 'instances'>

/** The attributes that the facts below are made of, for QIDO-RS `includefield`. */
export const studyFields = ['00101010', '00180015', '00081030', '00080061', '00201206', '00201208']
export const seriesFields = ['00080060', '0008103E', '00180015', '00200011']
export const instanceFields = [
  '00080016',
  '00080018',
  '00200013',
  '00280008',
  '00280010',
  '00280011',
  '00083002',
]

export function studyFacts(json: DicomJson): StudyFacts {
  return {
    studyInstanceUid: text(json, '0020000D'),
    accessionNumber: text(json, '00080050'),
    patientId: text(json, '00100020'),
    patientName: displayName(json, '00100010'),
    patientSex: text(json, '00100040'),
    patientBirthDate: date(json, '00100030'),
    patientAge: text(json, '00101010'),
    studyDate: date(json, '00080020'),
    studyTime: text(json, '00080030'),
    description: text(json, '00081030'),
    bodyPart: text(json, '00180015'),
  }
}

export function seriesFacts(json: DicomJson): SeriesFacts {
  return {
    seriesInstanceUid: text(json, '0020000E'),
    seriesNumber: number(json, '00200011'),
    modality: text(json, '00080060'),
    description: text(json, '0008103E'),
  }
}

/** `frames` is the caller's where it knows the pixel data; else an object with Rows is taken for an image. */
export function instanceFacts(json: DicomJson, frames?: number): Instance {
  const rows = count(json, '00280010')
  return {
    sopInstanceUid: text(json, '00080018'),
    sopClassUid: text(json, '00080016'),
    instanceNumber: number(json, '00200013'),
    transferSyntaxUid: text(json, '00083002') || text(json, '00020010') || null,
    rows,
    columns: count(json, '00280011'),
    frames: frames ?? (rows === null ? 0 : Math.max(1, count(json, '00280008') ?? 1)),
  }
}

export const modalitiesOf = (json: DicomJson): string[] => allText(json, '00080061').filter(Boolean).sort()

export const isUid = (value: string): boolean => Uid.safeParse(value).success

/** DA; the dotted form of ACR-NEMA days is brought into today's (PS3.5 6.2, DA note). Else ''. */
function date(json: DicomJson, tag: string): string {
  const digits = text(json, tag).replaceAll('.', '')
  return /^\d{8}$/.test(digits) ? digits : ''
}
