import type { VoiTable } from '../dicom/voi.ts'
import type { ImageRecord } from '../load/image-record.ts'
import { type GrayImage, throughVoiTable } from '../pixels/modality.ts'

/** What turns an image's modality values to grey instead of a window. */
export interface Grayscale {
  /** Apart from every other of the same image. */
  key: string
  name: string
  /** Which of the image's own VOI LUTs it is, from 0; null for others. */
  lut: number | null
  transform(gray: GrayImage): GrayImage
}

/**
 * What a person, or a presentation state, asked for: as images bring it (their window, or the LUT of those that have none), a window
 * whatever they bring, one of their VOI LUTs, or what somebody else gives for each image (null: its window).
 */
export type GrayscaleChoice =
  | { kind: 'brought' }
  | { kind: 'window' }
  | { kind: 'lut'; index: number }
  | { kind: 'given'; of(record: ImageRecord): Grayscale | null }

const own = ({ table, explanation }: VoiTable, index: number): Grayscale => ({
  key: `voi${index}`,
  name: explanation,
  lut: index,
  transform: (gray) => throughVoiTable(gray, table),
})

/** What applies to one image; null for its window. An image without the LUT that was chosen shows as it brings. */
export function grayscaleOf(choice: GrayscaleChoice, record: ImageRecord): Grayscale | null {
  if (choice.kind === 'given') return choice.of(record)
  if (choice.kind === 'window') return null
  const chosen = choice.kind === 'lut' ? record.voiTables[choice.index] : undefined
  if (choice.kind === 'lut' && chosen) return own(chosen, choice.index)
  const [first] = record.voiTables
  return first && record.windows.length === 0 ? own(first, 0) : null
}
