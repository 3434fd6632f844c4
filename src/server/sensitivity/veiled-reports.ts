import { createHash } from 'node:crypto'
import { decide, type Veil } from '../../shared/access/index.ts'
import { canonicalReport } from '../../shared/report/canonical.ts'
import type { ShownReport, SignedReport } from '../../shared/report/index.ts'
import { veiledDocument, veiledStep, veiledSubmission } from '../../shared/report/veil.ts'
import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { VeilsFor } from './veils.ts'

type Routes = 'report' | 'reportSteps' | 'prepareSignOff'

/**
 * Reports without the fields that a person sees masked. Whoever writes reports has the words as they were written: an amendment
 * begins with them. Whoever signs has the document whole, with an audit of it: nobody signs for a patient whom they cannot see.
 */
export function veiledReports(
  handlers: Handlers<Routes>,
  deps: { veils: VeilsFor; audit: Pick<AuditTrail, 'record'> },
): Handlers<Routes> {
  const { veils, audit } = deps
  return {
    async report(request) {
      const { principal, params } = request
      const answer = await handlers.report(request)
      const veil = (await veils(principal))(params.study)
      if (veil.hidden.size === 0) return answer
      const words = !decide(principal, 'report.write')
      const { submission, versions } = answer
      return {
        ...answer,
        submission: submission && words ? veiledSubmission(submission, veil) : submission,
        versions: versions.map((version) => shownVersion(version, veil, { words })),
      }
    },

    async reportSteps(request) {
      const { principal, params } = request
      const answer = await handlers.reportSteps(request)
      if (decide(principal, 'report.write')) return answer
      const veil = (await veils(principal))(params.study)
      return { steps: answer.steps.map((step) => veiledStep(step, veil)) }
    },

    async prepareSignOff(request) {
      const { principal, params, address } = request
      const answer = await handlers.prepareSignOff(request)
      const { hidden } = (await veils(principal))(params.study)
      const fields = [...hidden].filter((field) => field === 'patientName' || field === 'patientId')
      if (fields.length > 0)
        await audit.record({
          action: 'identity.revealed',
          outcome: 'success',
          actor: auditActor(principal, address),
          object: { kind: 'report', id: answer.document.reportId },
          about: [{ kind: 'study', id: params.study }],
          detail: { because: 'sign-off', fields },
        })
      return answer
    },
  }
}

function shownVersion(version: SignedReport, veil: Veil, how: { words: boolean }): ShownReport {
  const document = veiledDocument(version.document, veil, how)
  const signed = canonicalReport(version.document)
  if (canonicalReport(document) === signed) return version
  const digest = createHash('sha256').update(signed, 'utf8').digest('hex')
  return { ...version, document, veiled: { fields: [...veil.hidden], digest } }
}
