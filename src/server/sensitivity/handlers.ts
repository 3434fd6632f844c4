import { isCleared, type Sensitivity } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { patientIndex, studyIndex } from '../orders/index.ts'
import type { BrokenGlass } from './broken-glass.ts'
import type { GivenLabels } from './given-labels.ts'
import type { ExamAccess, StudyGuard } from './guard.ts'
import type { reportGuard } from './labelled-reports.ts'
import type { ObjectLabels } from './object-labels.ts'

/** The label in force: the strictest of the order's, the rules', the patient's and the study's. */
export type LabelOf = (studyInstanceUid: string) => Promise<Sensitivity>

export function sensitivityHandlers(
  { protection, clock }: Pick<Foundation, 'protection' | 'clock'>,
  deps: {
    archive: Pick<Archive, 'study'>
    labels: GivenLabels
    objectLabels: ObjectLabels
    glass: BrokenGlass
    access: (studyInstanceUid: string) => Promise<ExamAccess>
    accessionOf: (studyInstanceUid: string) => string
    restriction: StudyGuard
    /** What keeps the report from who asks, by its label or its words. */
    reportRestriction: ReturnType<typeof reportGuard>
    announcements: Announcements
    /** What was changed is on everybody's list, and counts for the next request. */
    changed: () => Promise<void>
  },
): Handlers<'breakGlass' | 'labelStudy' | 'labelPatient' | 'labelReport'> {
  const { archive, labels, objectLabels, glass, access, restriction, announcements, changed } = deps

  /** Whoever broke the glass may look, for a while; not lift a label, for everybody and ever. */
  function mustNotLift(before: Sensitivity, after: Sensitivity, clearance: Sensitivity): void {
    const lifts = !isCleared(after, before)
    if (lifts && !isCleared(clearance, before))
      throw new VigilError('study-restricted', { sensitivity: before })
  }

  return {
    async breakGlass(request) {
      const { principal, params, body, address } = request
      const study = await archive.study(params.study)
      const { accountId, sessionId } = principal
      // Also what only the report bears is opened: a keyword in it keeps the study from nobody, and the report from some.
      const closed =
        (await restriction(principal, params.study)) ??
        (await restriction(principal, params.study, { permission: 'report.read' })) ??
        (body.report === true ? await deps.reportRestriction({ ...request, body: undefined }) : null)
      // There is no glass for who may see it: nothing to break, nothing to record.
      if (!closed) return { until: clock() }
      const opened = {
        accountId,
        sessionId,
        studyIndex: studyIndex(protection, params.study),
        reason: body.reason,
        accessionNumber: deps.accessionOf(params.study) || study.accessionNumber,
        sensitivity: closed.sensitivity,
      }
      const { id, until } = await glass.break(opened, auditActor(principal, address))
      announcements.announce({ kind: 'glass-broken', id, at: clock() })
      await changed()
      return { until }
    },

    async labelStudy({ principal, params, body, address }) {
      await archive.study(params.study)
      mustNotLift((await access(params.study)).label, body.sensitivity, principal.clearance)
      const index = studyIndex(protection, params.study)
      await labels.give({ studyIndex: index, ...body }, auditActor(principal, address))
      await changed()
      return {}
    },

    async labelPatient({ principal, params, body, address }) {
      const study = await archive.study(params.study)
      const { label, patientId: known } = await access(params.study)
      mustNotLift(label, body.sensitivity, principal.clearance)
      const id = known || study.patientId
      if (id === '') throw new VigilError('not-found', { field: 'patientId' })
      const index = patientIndex(protection, id)
      await objectLabels.give({ kind: 'patient', index, id, ...body }, auditActor(principal, address))
      await changed()
      return {}
    },

    async labelReport({ principal, params, body, address }) {
      await archive.study(params.study)
      const { label, reportLabel } = await access(params.study)
      mustNotLift(isCleared(label, reportLabel) ? label : reportLabel, body.sensitivity, principal.clearance)
      const index = studyIndex(protection, params.study)
      await objectLabels.give(
        { kind: 'report', index, id: params.study, ...body },
        auditActor(principal, address),
      )
      await changed()
      return {}
    },
  }
}
