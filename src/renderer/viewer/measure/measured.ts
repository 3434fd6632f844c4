import type { Measurement } from '../../../shared/measurement/index.ts'
import type { ImageRecord } from '../load/image-record.ts'
import type { StageImage } from '../stage/cornerstone-image.ts'
import { valueUnit } from './scale.ts'
import { geometryValues, pixelValues, type Scale } from './values.ts'

/** The measurement with what its image says now. */
export function measured(
  one: Measurement,
  image: StageImage,
  record: ImageRecord,
  scale: Scale,
): Measurement {
  const { values, channels, padding } = image.vigil.modality
  const pixels = {
    columns: image.columns,
    rows: image.rows,
    values,
    channels,
    padding,
    unit: valueUnit(record),
  }
  return {
    ...one,
    values: [...geometryValues(one.kind, one.points, scale), ...pixelValues(one.kind, one.points, pixels)],
  }
}
