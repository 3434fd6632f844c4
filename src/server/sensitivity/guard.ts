import {
  type AccessTerms,
  type Denial,
  decide,
  decideAccess,
  type ExamStanding,
  type Permission,
  relationshipOf,
  type Sensitivity,
  strictest,
} from '../../shared/access/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SessionPrincipal } from '../foundation.ts'
import type { BrokenGlass } from './broken-glass.ts'
import { localTime } from './local-time.ts'
import { readerOf } from './reader.ts'

/** What is known of an exam where access to it is decided. */
export interface ExamAccess {
  /** The label in force: the strictest of order, rules, patient and study. */
  label: Sensitivity
  /** What a person gave to its report; `general` where nobody did. */
  reportLabel: Sensitivity
  standing: ExamStanding
  patientId: string
}

/** What is about to be done with a study, or shown of it. */
export interface Purpose {
  /** What the route takes. */
  permission?: Permission | null | undefined
  /** Text of its report, or out of it: keywords may label it above the study. */
  text?: string | undefined
}

/** Why a study stays closed: its label, and which condition was not met. */
export interface Restriction {
  sensitivity: Sensitivity
  studyIndex: string
  because: Denial
}

export type Asker = Pick<SessionPrincipal, 'sessionId' | 'accountId' | 'clearance' | 'roles'> &
  Partial<Pick<SessionPrincipal, 'factor'>>

/**
 * Whether a session may open a study: null where it may. The HTTP layer asks for each request of a route that names a study, a
 * frame among them: it is answered from memory. Lists ask for each thing they show.
 */
export type StudyGuard = (
  principal: Asker,
  studyInstanceUid: string,
  purpose?: Purpose,
) => Promise<Restriction | null>

export interface GuardSources {
  access(studyInstanceUid: string): Promise<ExamAccess>
  /** Whether the account reads another exam of this patient now. */
  readsPatient(accountId: string, patientId: string): boolean
  labelOfText(text: string): Sensitivity
  studyIndex: (studyInstanceUid: string) => string
  glass: Pick<BrokenGlass, 'isOpenTo'>
  terms: () => AccessTerms
  clock: Clock
}

export function createStudyGuard(deps: GuardSources): StudyGuard {
  return async (principal, study, { permission, text } = {}) => {
    const { clearance, accountId, sessionId } = principal
    const { label, reportLabel, standing, patientId } = await deps.access(study)
    const terms = deps.terms()
    const { hour, today } = localTime(deps.clock())
    const own = relationshipOf(readerOf(principal), standing, { today }, terms)
    const relationship = own ?? (deps.readsPatient(accountId, patientId) ? 'same-patient' : null)
    const studyIndex = deps.studyIndex(study)
    // The role has been asked by the route that got here; a list that has none asks for no more.
    const carries = permission ? decide(principal, permission) : true
    const asked = { carries, clearance, label, relationship, glass: false, hour }
    let decision = decideAccess(asked, terms)
    let bears = label
    if (decision.granted) {
      bears = reportLabelOf(label, reportLabel, { permission, text }, deps.labelOfText)
      // What somebody wrote is not kept from them.
      const wrote = relationship === 'author' || standing.holder === accountId
      if (bears !== label && !wrote) decision = decideAccess({ ...asked, label: bears }, terms)
    }
    if (decision.granted) return null
    if (decision.because !== 'role' && (await deps.glass.isOpenTo(sessionId, studyIndex))) {
      const glass = decideAccess({ ...asked, label: bears, glass: true }, terms)
      if (glass.granted) return null
    }
    return { sensitivity: bears, studyIndex, because: decision.because }
  }
}

function reportLabelOf(
  label: Sensitivity,
  reportLabel: Sensitivity,
  { permission, text }: Purpose,
  labelOfText: (text: string) => Sensitivity,
): Sensitivity {
  const ofReport = text !== undefined || permission?.startsWith('report.')
  if (!ofReport) return label
  return strictest([label, reportLabel, text === undefined ? 'general' : labelOfText(text)])
}
