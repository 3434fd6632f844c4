import type { Protection } from './protection.ts'

/** The blind indexes by which patients, exams and studies are looked up; the same in every table. */
export function studyIndex(protection: Protection, studyInstanceUid: string): string {
  return protection.blindIndex('study-instance-uid', studyInstanceUid)
}

export function accessionIndex(protection: Protection, accessionNumber: string): string {
  return protection.blindIndex('accession-number', accessionNumber)
}

export function patientIndex(protection: Protection, patientId: string): string {
  return protection.blindIndex('patient-id', patientId)
}
