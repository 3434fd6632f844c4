import { VigilError } from '../../shared/errors/index.ts'
import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Restriction, StudyGuard } from './guard.ts'

type Routes = 'report' | 'reportSteps'

type Asked = Pick<Parameters<Handlers<Routes>['report']>[0], 'principal' | 'params' | 'address'>
type Report = Awaited<ReturnType<Handlers<Routes>['report']>>

const wordsOf = ({ draft, submission, versions }: Report) => [
  draft?.text,
  submission,
  versions.map(({ document }) => document),
]
const purpose = (shown: unknown) => ({ permission: 'report.read' as const, text: JSON.stringify(shown) })

/** What keeps a report from a person, its words included; null where nothing does. For who asks before glass is broken. */
export function reportGuard(handlers: Handlers<'report'>, restriction: StudyGuard) {
  return async (request: Parameters<Handlers<'report'>['report']>[0]): Promise<Restriction | null> => {
    const shown = wordsOf(await handlers.report(request))
    return restriction(request.principal, request.params.study, purpose(shown))
  }
}

/**
 * Reports whose words label them above their study (检验阳性, pregnancy…): what is about to be shown is judged by itself, so that no
 * second record of what it says can be out of date.
 */
export function labelledReports(
  handlers: Handlers<Routes>,
  deps: { restriction: StudyGuard; audit: Pick<AuditTrail, 'record'> },
): Handlers<Routes> {
  async function open(request: Asked, shown: unknown): Promise<void> {
    const { principal, params, address } = request
    const kept = await deps.restriction(principal, params.study, purpose(shown))
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
      await open(request, wordsOf(answer))
      return answer
    },
    async reportSteps(request) {
      const answer = await handlers.reportSteps(request)
      await open(request, answer)
      return answer
    },
  }
}
