import { VigilError } from '../../shared/errors/index.ts'
import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { StudyGuard } from './guard.ts'

type Routes = 'report' | 'reportSteps'

/**
 * Reports whose words label them above their study (检验阳性, pregnancy…): what is about to be shown is judged by itself, so that no
 * second record of what it says can be out of date.
 */
export function labelledReports(
  handlers: Handlers<Routes>,
  deps: { restriction: StudyGuard; audit: Pick<AuditTrail, 'record'> },
): Handlers<Routes> {
  async function open(
    request: Pick<Parameters<Handlers<Routes>['report']>[0], 'principal' | 'params' | 'address'>,
    shown: unknown,
  ): Promise<void> {
    const { principal, params, address } = request
    const text = JSON.stringify(shown)
    const kept = await deps.restriction(principal, params.study, { permission: 'report.read', text })
    if (!kept) return
    await deps.audit.record({
      action: 'report.read',
      outcome: 'refused',
      actor: auditActor(principal, address),
      object: { kind: 'study', id: kept.studyIndex },
      detail: { code: 'study-restricted', sensitivity: kept.sensitivity, because: kept.because },
    })
    throw new VigilError('study-restricted', { sensitivity: kept.sensitivity })
  }
  return {
    async report(request) {
      const answer = await handlers.report(request)
      const { draft, submission, versions } = answer
      await open(request, [draft?.text, submission, versions.map(({ document }) => document)])
      return answer
    },
    async reportSteps(request) {
      const answer = await handlers.reportSteps(request)
      await open(request, answer)
      return answer
    },
  }
}
