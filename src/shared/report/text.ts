import { z } from 'zod'

/** The two sections of a radiology report: 影像所见 and 诊断意见. Plain text, LF line ends. */
export const ReportText = z.object({ findings: z.string().max(20_000), impression: z.string().max(10_000) })
export type ReportText = z.infer<typeof ReportText>
