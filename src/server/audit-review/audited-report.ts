import { maskedName } from '../../shared/access/index.ts'
import type { AuditedReport } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { reportHistory } from '../reports/index.ts'
import type { ExamLabels } from './exam-labels.ts'

const sections = ({ findings, impression }: ReportText) => [
  { name: 'findings', text: findings },
  { name: 'impression', text: impression },
]

/**
 * A report's every version and step, for before-and-after. A version whose stored record was changed is shown as not intact;
 * what cannot be opened at all is reported and left out. The patient's name is masked.
 * @throws VigilError `not-found`
 */
export function createAuditedReports(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  deps: { labels: ExamLabels; damage: DamageReports },
) {
  return async (reportId: string): Promise<AuditedReport> => {
    const history = await reportHistory(foundation, reportId)
    if (!history) throw new VigilError('not-found', { field: 'report' })
    for (const place of history.damaged) await deps.damage.report(place)
    const exam = (await deps.labels.ofStudies([history.studyIndex])).get(history.studyIndex)
    const newest = history.versions.at(-1)?.document
    return {
      reportId,
      accessionNumber: exam?.accessionNumber ?? newest?.accessionNumber ?? '',
      patient: exam?.patient ?? maskedName(newest?.patientName ?? ''),
      itemName: exam?.itemName ?? '',
      versions: history.versions.map(({ document, signedAt, intact }) => ({
        version: document.version,
        signedAt,
        author: document.author.name,
        reason: document.amendment?.reason ?? '',
        sections: sections(document.text),
        intact,
      })),
      steps: history.steps,
    }
  }
}
