import type { BrokenObject, DicomJson, Study, StudySummary } from '../../shared/study/index.ts'

import type { LikelyStudy } from './likely-next.ts'

export { ownObjectsSource, resealFolder } from './folder/own-objects.ts'
export { archiveHandlers } from './handlers.ts'
export { createArchive } from './open.ts'

/** One frame as stored: the bytes of the frame, and the transfer syntax they are in. Encapsulated fragments are joined. */
export interface Frame {
  transferSyntaxUid: string
  bytes: Buffer
}

/**
 * A frame on its way: `bytes` has its whole length and fills from the front. It is whole only when `Archive.frame` gives a frame
 * with these very bytes; one that is cut short, or longer than it said, never becomes that.
 */
export interface ArrivingFrame {
  transferSyntaxUid: string
  bytes: Buffer
  /** How many bytes have come. */
  received(): number
  onMore(listener: () => void): () => void
}

/**
 * Studies and pixels, wherever they are kept: a folder of DICOM files or a DICOMweb PACS.
 * Every method throws VigilError `study-not-found`, `instance-broken` or `archive-unavailable`.
 */
export interface Archive {
  /** All studies, newest first; a PACS is asked with its own limit. */
  studies(): Promise<StudySummary[]>
  /** `reader`, a session's id, opens it to look at: its images are got ready. */
  study(studyInstanceUid: string, reader?: string): Promise<Study>
  /**
   * Exams that somebody who looks at a list may open next, the likeliest first: what a viewer wants first is got into the gateway's own
   * memory. Nothing is opened by it. Absent where it would save nothing.
   */
  likelyNext?(studies: readonly LikelyStudy[]): void
  /** DICOM JSON without bulk data, of each instance of the series, in instance order. */
  metadata(studyInstanceUid: string, seriesInstanceUid: string): Promise<DicomJson[]>
  /** `frame` counts from 1. `arriving` is called at most once, before the whole frame, where it is known how long it will be. */
  frame(
    place: { study: string; series: string; instance: string; frame: number },
    signal?: AbortSignal,
    arriving?: (frame: ArrivingFrame) => void,
  ): Promise<Frame>
  /**
   * Keeps Part 10 files of the study, all of them new objects; they come with the study when the archive has taken them in.
   * @throws VigilError `store-refused` where it does not take them
   */
  store(study: string, files: readonly Buffer[]): Promise<void>
  /** Files that are not readable as DICOM. */
  broken(): BrokenObject[]
  /** Calls back when studies came, changed or went. */
  onChange(listener: () => void): void
  close(): Promise<void>
}
