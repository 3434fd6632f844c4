/** Why a file cannot be served. Plain words for the list of broken files: they never name a patient, a value or a path. */
export type UnreadableReason =
  | 'empty file'
  | 'not a DICOM file'
  | 'truncated file'
  | 'malformed data set'
  | 'header larger than 64 MiB'
  | 'sequences nested deeper than 32'
  | 'deflated data set cannot be inflated'
  | 'DICOM directory (DICOMDIR), not an image or document'
  | 'no Study Instance UID'
  | 'no Series Instance UID'
  | 'no SOP Instance UID'
  | 'invalid Study Instance UID'
  | 'invalid Series Instance UID'
  | 'invalid SOP Instance UID'
  | 'pixel data without Rows, Columns or Bits Allocated'
  | 'pixel data shorter than Rows × Columns × Frames'
  | 'encapsulated pixel data without a transfer syntax'
  | 'frames cannot be told apart in the pixel data'
  | 'same SOP Instance UID as an earlier file'
  | 'symbolic link, not followed'
  | 'not a regular file'
  | 'cannot be read'
  | 'changed while it was read'
  | 'failed its integrity check'

/** A DICOM object that cannot be read; its message is the reason. */
export class Unreadable extends Error {
  readonly reason: UnreadableReason

  constructor(reason: UnreadableReason, options?: { cause?: unknown }) {
    super(reason, options)
    this.name = 'Unreadable'
    this.reason = reason
  }
}
