import { z } from 'zod'

/**
 * One of our values to the code that the other side uses for it. `'*'` is for every value that is not named, `''` for a
 * fact that nobody gave; where neither stands, the adapter's own default, then the value itself, goes out.
 */
const CodeTable = z.record(z.string().max(80), z.string().max(80))

/** The tables of one target. Hospitals differ, and so do the text and the samples of one specification. */
export const CodeTables = z.strictObject({
  /** M, F, O */
  sex: CodeTable.optional(),
  /** emergency, inpatient, outpatient, checkup */
  patientClass: CodeTable.optional(),
  /** Exam class (检查类别), by DICOM modality: CT, MR, DX, … */
  section: CodeTable.optional(),
  /** red, orange, yellow */
  level: CodeTable.optional(),
  /** Critical-value type, by the dictionary's codes */
  type: CodeTable.optional(),
  /** Ordering department, by its name */
  department: CodeTable.optional(),
  /** By name */
  ward: CodeTable.optional(),
  /** left, right, bilateral */
  side: CodeTable.optional(),
  /** ward, doctor, department-head, duty-office */
  recipientKind: CodeTable.optional(),
  /** notice, cancel, escalation, reroute */
  messageKind: CodeTable.optional(),
  /** What the result is flagged with, by level */
  abnormalFlag: CodeTable.optional(),
})
export type CodeTables = z.infer<typeof CodeTables>
