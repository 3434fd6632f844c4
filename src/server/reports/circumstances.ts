import type { PreparedSignOff } from '../../shared/api/index.ts'
import type { SectionFinding } from '../../shared/critical/model.ts'
import type { ReportDocument } from '../../shared/report/index.ts'
import type { Critical, InForce, KeptAlert } from '../critical/index.ts'
import { type Orders, patientIndex } from '../orders/index.ts'
import type { Place, Protection } from '../protection/index.ts'
import type { Queries } from '../store/index.ts'
import type { Exam } from './drawing.ts'
import { askedSince } from './repeats.ts'
import { checkFor, timeOfDay } from './second-check.ts'
import { withoutFinding } from './standing-alerts.ts'

/** What a sign-off has to reckon with beside the report itself. */
export interface Circumstances {
  /** For the same patient, within the hours of the rules, newest first; none that was withdrawn. */
  earlier: KeptAlert[]
  /** Alerts of earlier versions that lost their finding, open or not. */
  lost: KeptAlert[]
  /** Alerts that could not be read, and count for nothing here. */
  damaged: Place[]
}

/**
 * Asked when a sign-off is prepared, and again in the transaction that signs. Times count from when the document was
 * prepared, so that nothing falls out of it while somebody types their PIN.
 */
export async function circumstancesOf(
  queries: Queries,
  critical: Pick<Critical, 'alertsOfPatient' | 'alertsOfReport'>,
  about: {
    document: ReportDocument
    findings: readonly SectionFinding[]
    patientIndexes: readonly string[]
    dictionary: InForce['dictionary']
  },
): Promise<Circumstances> {
  const { document, findings, patientIndexes, dictionary } = about
  const since = askedSince(dictionary.rules, document.preparedAt)
  const none = { alerts: [], damaged: [] }
  const ofPatient =
    since === null || patientIndexes.length === 0
      ? none
      : await critical.alertsOfPatient(queries, patientIndexes, since)
  const ofReport = document.version === 1 ? none : await critical.alertsOfReport(queries, document.reportId)
  return {
    earlier: ofPatient.alerts.filter(({ standing }) => standing.state.status !== 'withdrawn'),
    lost: withoutFinding(ofReport.alerts, { text: document.text, findings }),
    damaged: [...ofPatient.damaged, ...ofReport.damaged],
  }
}

/** Under which blind indexes the patient's alerts are: also under ids that were merged. Nobody, where the id is not known. */
export async function patientIndexesOf(
  protection: Protection,
  orders: Pick<Orders, 'patientsOf'>,
  patientId: string,
): Promise<string[]> {
  return patientId === '' ? [] : orders.patientsOf(patientIndex(protection, patientId))
}

/** Whether the alerts of this document wait for a second person, or its author looks twice. */
export function checkOf(
  document: Pick<ReportDocument, 'preparedAt'>,
  { order }: Exam,
  { rules }: InForce['dictionary'],
): PreparedSignOff['check'] {
  const emergency = order?.patientClass === 'emergency' || order?.priority === 'stat'
  return checkFor(rules.secondCheck, { at: timeOfDay(document.preparedAt), emergency })
}
