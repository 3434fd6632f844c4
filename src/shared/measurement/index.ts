import { z } from 'zod'
import { Uid } from '../study/index.ts'

/** The tools that measure or mark. Angles in degrees, lengths in mm (px where nothing tells the spacing), areas in mm². */
export const MeasurementKind = z.enum([
  'length',
  'bidirectional',
  'angle',
  'cobb',
  'ellipse',
  'rectangle',
  'probe',
  'arrow',
  'text',
])
export type MeasurementKind = z.infer<typeof MeasurementKind>

/** A number that was measured, with its UCUM unit (`mm`, `mm2`, `deg`, `[hnsf'U]`, `{pixels}`, `1` where there is none). */
export const MeasuredValue = z.object({
  name: z.enum([
    'length',
    'long-axis',
    'short-axis',
    'angle',
    'area',
    'mean',
    'sd',
    'min',
    'max',
    'count',
    'value',
  ]),
  value: z.number(),
  unit: z.string().max(20),
})
export type MeasuredValue = z.infer<typeof MeasuredValue>

/** What was measured or marked on one image. */
export const Measurement = z.object({
  id: z.string().min(1).max(64),
  kind: MeasurementKind,
  series: Uid,
  instance: Uid,
  frame: z.int().positive(),
  /**
   * Column and row in the image, in pixels, (0,0) the corner of the first pixel (PS3.3 C.10.5.1.2). length, arrow: both ends;
   * bidirectional: long then short axis; angle: end, vertex, end; cobb: both lines; ellipse: ends of both axes; rectangle:
   * opposite corners; probe, text: the place.
   */
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .min(1)
    .max(8),
  label: z.string().max(200),
  values: z.array(MeasuredValue).max(8),
  /** The spacing was set by the person on this image (校准), not told by the modality. */
  calibrated: z.boolean(),
})
export type Measurement = z.infer<typeof Measurement>
