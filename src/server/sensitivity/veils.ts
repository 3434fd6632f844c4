import type { Veil } from '../../shared/access/index.ts'
import type { SessionPrincipal } from '../foundation.ts'

/** What a person sees masked of each study. */
export type Veils = (studyInstanceUid: string) => Veil
/** The same for who asks: made once a request, asked for everything that the answer names. */
export type VeilsFor = (principal: SessionPrincipal) => Promise<Veils>
