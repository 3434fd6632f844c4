import { isCleared, type Sensitivity } from '../../shared/access/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { studyIndex } from '../orders/index.ts'
import type { BrokenGlass } from './broken-glass.ts'
import type { GivenLabels } from './given-labels.ts'

/** The label in force: the strictest of the order's and the given one. */
export type LabelOf = (studyInstanceUid: string) => Promise<Sensitivity>

export function sensitivityHandlers(
  { protection, clock }: Pick<Foundation, 'protection' | 'clock'>,
  deps: {
    archive: Pick<Archive, 'study'>
    labels: GivenLabels
    glass: BrokenGlass
    labelOf: LabelOf
    /** What was changed is on everybody's list, and counts for the next request. */
    changed: () => Promise<void>
  },
): Handlers<'breakGlass' | 'labelStudy'> {
  const { archive, labels, glass, labelOf, changed } = deps
  return {
    async breakGlass({ principal, params, body, address }) {
      await archive.study(params.study)
      const { accountId, sessionId } = principal
      // There is no glass for who is cleared: nothing to break, nothing to record.
      if (isCleared(principal.clearance, await labelOf(params.study))) return { until: clock() }
      const index = studyIndex(protection, params.study)
      const opened = { accountId, sessionId, studyIndex: index, reason: body.reason }
      const broken = await glass.break(opened, auditActor(principal, address))
      await changed()
      return broken
    },

    async labelStudy({ principal, params, body, address }) {
      await archive.study(params.study)
      // Whoever broke the glass may look, for a while; not lift the label, for everybody and ever.
      const before = await labelOf(params.study)
      const lifts = !isCleared(body.sensitivity, before)
      if (lifts && !isCleared(principal.clearance, before))
        throw new VigilError('study-restricted', { sensitivity: before })
      const index = studyIndex(protection, params.study)
      await labels.give({ studyIndex: index, ...body }, auditActor(principal, address))
      await changed()
      return {}
    },
  }
}
