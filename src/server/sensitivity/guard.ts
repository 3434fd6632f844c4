import { isCleared, type Sensitivity } from '../../shared/access/index.ts'
import type { SessionPrincipal } from '../foundation.ts'
import type { BrokenGlass } from './broken-glass.ts'
import type { LabelOf } from './handlers.ts'

/**
 * Whether a session may open a study: null where it may, else the label that is above its clearance. The HTTP layer asks for
 * each request of a route that names a study, a frame among them: it is answered from memory.
 */
export type StudyGuard = (
  principal: Pick<SessionPrincipal, 'sessionId' | 'clearance'>,
  studyInstanceUid: string,
) => Promise<{ sensitivity: Sensitivity; studyIndex: string } | null>

export function createStudyGuard(deps: {
  labelOf: LabelOf
  studyIndex: (studyInstanceUid: string) => string
  glass: Pick<BrokenGlass, 'isOpenTo'>
}): StudyGuard {
  return async ({ sessionId, clearance }, study) => {
    // Whoever is cleared for everything needs no label.
    if (isCleared(clearance, 'highly-sensitive')) return null
    const sensitivity = await deps.labelOf(study)
    if (isCleared(clearance, sensitivity)) return null
    const studyIndex = deps.studyIndex(study)
    return (await deps.glass.isOpenTo(sessionId, studyIndex)) ? null : { sensitivity, studyIndex }
  }
}
