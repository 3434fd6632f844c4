import type { Slice } from '../raster/slice.ts'

/**
 * Paints a sagittal plane (picture x is DICOM +y, picture y is DICOM −z, as `sagittal` in ../plane.ts) with what paints axial ones:
 * row by row, each the one column that the axial plane at its height has here. So both planes show the same head.
 */
export function sagittally(paintAxial: (slice: Slice) => void): (slice: Slice) => void {
  return (slice) => {
    const { pixels, columns, rows, spacing, x0, y0, z: x } = slice
    for (let row = 0; row < rows; row++) {
      const line = pixels.subarray(row * columns, (row + 1) * columns)
      const z = -(y0 + row * spacing)
      paintAxial({ pixels: line, columns: 1, rows: columns, spacing, x0: x, y0: x0, z })
    }
  }
}
