import type { BrokenObject, DicomJson, Study, StudySummary } from '../../shared/study/index.ts'

export { archiveHandlers } from './handlers.ts'
export { createArchive } from './open.ts'

/** One frame as stored: the bytes of the frame, and the transfer syntax they are in. Encapsulated fragments are joined. */
export interface Frame {
  transferSyntaxUid: string
  bytes: Buffer
}

/**
 * Studies and pixels, wherever they are kept: a folder of DICOM files or a DICOMweb PACS.
 * Every method throws VigilError `study-not-found`, `instance-broken` or `archive-unavailable`.
 */
export interface Archive {
  /** All studies, newest first; a PACS is asked with its own limit. */
  studies(): Promise<StudySummary[]>
  study(studyInstanceUid: string): Promise<Study>
  /** DICOM JSON without bulk data, of each instance of the series, in instance order. */
  metadata(studyInstanceUid: string, seriesInstanceUid: string): Promise<DicomJson[]>
  /** `frame` counts from 1. */
  frame(
    place: { study: string; series: string; instance: string; frame: number },
    signal?: AbortSignal,
  ): Promise<Frame>
  /** Files that are not readable as DICOM. */
  broken(): BrokenObject[]
  /** Calls back when studies came, changed or went. */
  onChange(listener: () => void): void
  close(): Promise<void>
}
