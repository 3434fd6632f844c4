import { z } from 'zod'
import { WorklistFilter, WorklistSort } from '../worklist/index.ts'

/** One column as the person has it; columns that are not named here come after, as delivered. */
const ColumnSetting = z.strictObject({
  key: z.string().max(30),
  shown: z.boolean(),
  /** CSS pixels; null as delivered. */
  width: z.int().min(40).max(800).nullable(),
})

/** A named filter with its order; the ones that come with the product are not kept here. */
export const SavedView = z.strictObject({
  id: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(20),
  filter: WorklistFilter,
  sort: WorklistSort.nullable(),
})
export type SavedView = z.infer<typeof SavedView>

export const WorklistSettings = z.strictObject({
  columns: z.array(ColumnSetting).max(60).default([]),
  views: z.array(SavedView).max(30).default([]),
  /** Id of the view that the list opens with; null for the first. */
  openWith: z.string().max(40).nullable().default(null),
})
export type WorklistSettings = z.infer<typeof WorklistSettings>
