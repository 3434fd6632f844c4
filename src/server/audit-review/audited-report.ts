import { maskedName, scrubbed, type Veil } from '../../shared/access/index.ts'
import type { AuditedReport } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { ReportText } from '../../shared/report/index.ts'
import { veiledStep } from '../../shared/report/veil.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { reportHistory } from '../reports/index.ts'
import type { ExamLabels } from './exam-labels.ts'

const sections = ({ findings, impression }: ReportText, veil: Veil) => [
  { name: 'findings', text: scrubbed(findings, veil) },
  { name: 'impression', text: scrubbed(impression, veil) },
]
const hidden: Veil['hidden'] = new Set(['patientName', 'patientId', 'phone'])

/**
 * A report's every version and step, for before-and-after. A version whose stored record was changed is shown as not intact;
 * what cannot be opened at all is reported and left out. The patient's name is masked, also where it was written into the text.
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
    const veil: Veil = {
      hidden,
      known: { patientName: newest?.patientName ?? '', patientIds: newest ? [newest.patientId] : [] },
    }
    return {
      reportId,
      accessionNumber: exam?.accessionNumber ?? newest?.accessionNumber ?? '',
      patient: exam?.patient ?? maskedName(newest?.patientName ?? ''),
      itemName: exam?.itemName ?? '',
      versions: history.versions.map(({ document, signedAt, intact }) => ({
        version: document.version,
        signedAt,
        author: document.author.name,
        reason: scrubbed(document.amendment?.reason ?? '', veil),
        sections: sections(document.text, veil),
        intact,
      })),
      steps: history.steps.map((step) => veiledStep(step, veil)),
    }
  }
}
