import { describePixels } from '../dicom/pixel-description.ts'
import type { ImageRecord } from '../load/image-record.ts'

/** What cornerstone's core and tools ask about an image, in its own terms, from the image's record. */
export function metadataFor(record: ImageRecord, type: string): unknown {
  switch (type) {
    case 'imagePlaneModule':
      return imagePlane(record)
    case 'imagePixelModule':
      return imagePixel(record)
    case 'generalSeriesModule':
      return { modality: record.modality, seriesInstanceUID: record.series, studyInstanceUID: record.study }
    case 'sopCommonModule':
      return { sopInstanceUID: record.instance }
    case 'frameOfReferenceUID':
      return record.series
    default:
      return undefined
  }
}

function imagePlane({ attributes, plane, series }: ImageRecord) {
  const { rows, columns } = describePixels(attributes)
  const rowCosines = plane.rowDirection ?? [1, 0, 0]
  const columnCosines = plane.columnDirection ?? [0, 1, 0]
  return {
    frameOfReferenceUID: series,
    rows,
    columns,
    imageOrientationPatient: [...rowCosines, ...columnCosines],
    rowCosines,
    columnCosines,
    imagePositionPatient: plane.position ?? [0, 0, 0],
    sliceThickness: plane.thickness ?? undefined,
    sliceLocation: plane.location ?? undefined,
    pixelSpacing: plane.spacing ? [plane.spacing.row, plane.spacing.column] : undefined,
    rowPixelSpacing: plane.spacing?.row ?? plane.aspect,
    columnPixelSpacing: plane.spacing?.column ?? 1,
    // Without a spacing the tools measure in pixels and say so.
    usingDefaultValues: plane.spacing === null,
  }
}

/** After decoding: colour is always RGB of 8 bits, grey is modality values. */
function imagePixel({ attributes }: ImageRecord) {
  const d = describePixels(attributes)
  const colour = d.samplesPerPixel > 1 || d.photometric === 'PALETTE COLOR'
  return {
    rows: d.rows,
    columns: d.columns,
    samplesPerPixel: colour ? 3 : 1,
    photometricInterpretation: colour ? 'RGB' : d.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    bitsAllocated: colour ? 8 : d.bitsAllocated,
    bitsStored: colour ? 8 : d.bitsStored,
    highBit: colour ? 7 : d.highBit,
    pixelRepresentation: d.signed ? 1 : 0,
  }
}
