import {
  decide,
  decideReveal,
  type ExamStanding,
  relationshipOf,
  type Sensitivity,
} from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { examFacts } from '../orders/index.ts'
import { localTime } from './local-time.ts'
import { readerOf } from './reader.ts'

/** An exam on the list, with and without images. */
export interface RevealedExam {
  studyInstanceUid: string | null
  studyIndex: string | null
  accessionNumber: string
  patientId: string
  label: Sensitivity
  standing: ExamStanding
  /** Whether it is masked on this person's list. */
  masked: boolean
}

/** How long the window shows it, ms. */
const showForMs = 60_000

/** Tells who an exam is of to who needs to know, with its audit; the answer is not given where the audit cannot be written. */
export function revealHandlers(
  { audit, clock, policies }: Pick<Foundation, 'audit' | 'clock' | 'policies'>,
  deps: {
    /** Null where it is not on the list. */
    find(
      principal: SessionPrincipal,
      exam: { studyInstanceUid: string | null; accessionNumber: string },
    ): Promise<RevealedExam | null>
    factsOf(exam: RevealedExam): Promise<{ order: Order | null; study: StudySummary | null }>
  },
): Handlers<'revealIdentity'> {
  return {
    async revealIdentity({ principal, body, address }) {
      const exam = await deps.find(principal, body)
      if (!exam) throw new VigilError('not-found', { field: 'studyInstanceUid' })
      const { label, standing } = exam
      const { today } = localTime(clock())
      const decision = decideReveal({
        carries: decide(principal, 'identity.reveal'),
        label,
        relationship: relationshipOf(readerOf(principal), standing, { today }, policies.current().access),
        granted: !exam.masked,
      })
      const entry = {
        action: 'identity.revealed',
        actor: auditActor(principal, address),
        object: {
          kind: exam.studyIndex === null ? 'order' : 'study',
          id: exam.studyIndex ?? exam.accessionNumber,
        },
        about: [
          ...(exam.patientId === '' ? [] : [{ kind: 'patient' as const, id: exam.patientId }]),
          { kind: 'session' as const, id: principal.sessionId },
        ],
      }
      if (!decision.allowed) {
        const detail = { code: 'study-restricted', sensitivity: label }
        await audit.record({ ...entry, outcome: 'refused', detail })
        throw new VigilError('study-restricted', { sensitivity: label })
      }
      if (decision.needsReason && body.reason === null)
        throw new VigilError('bad-request', { field: 'reason' })
      const { order, study } = await deps.factsOf(exam)
      const facts = examFacts(order, study)
      await audit.record({
        ...entry,
        outcome: 'success',
        detail: {
          sensitivity: label,
          session: principal.sessionId,
          ...(body.reason ? { reason: body.reason } : {}),
        },
      })
      return {
        accessionNumber: exam.accessionNumber,
        patientName: facts.patientName,
        patientId: facts.patientId,
        sex: facts.sex,
        birthDate: facts.birthDate,
        phone: order?.phone ?? '',
        ward: order?.ward ?? '',
        bed: order?.bed ?? '',
        showForMs,
      }
    },
  }
}
