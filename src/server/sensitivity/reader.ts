import { decide, type Reader } from '../../shared/access/index.ts'
import type { SessionPrincipal } from '../foundation.ts'

/** What a person might have to do with exams, by what their roles carry. */
export function readerOf(
  principal: Pick<SessionPrincipal, 'accountId' | 'roles'> & Partial<Pick<SessionPrincipal, 'factor'>>,
): Reader {
  return {
    accountId: principal.accountId,
    reports: decide(principal, 'report.write'),
    makesExams: decide(principal, 'exam.progress'),
    oversees: decide(principal, 'alert.statistics'),
  }
}
