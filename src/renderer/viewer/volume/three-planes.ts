import type { Arrangement, Showing } from '../hanging/arrangement.ts'

/** One series in its three planes, and as a projection beside them. */
export function threePlanes(set: string): Arrangement {
  const as = (kind: Showing['as']): Showing => ({ set, as: kind })
  return {
    rows: 2,
    columns: 2,
    panes: [as('mpr-axial'), as('mpr-coronal'), as('mpr-sagittal'), as('mip')],
    active: 0,
    maximised: false,
  }
}
