import type { Foundation } from '../foundation.ts'
import { createAnchors } from './anchors.ts'
import type { Certificate } from './certificate.ts'
import { createIntermediates } from './intermediates.ts'

/** The CAs that people's certificates come from: the hospital's own, and intermediates that led to them. */
export interface Issuers {
  anchors(): Promise<readonly Certificate[]>
  intermediates(): Promise<readonly Certificate[]>
  /** Keeps intermediates that were part of a trusted path. */
  remember(intermediates: readonly Certificate[]): Promise<void>
}

/** @throws Error naming the CA file that is missing or holds something else than CA certificates. */
export async function createIssuers(foundation: Foundation): Promise<Issuers> {
  const { config, log } = foundation
  const anchors = await createAnchors(config.identity.userCaFiles, log)
  const intermediates = createIntermediates(foundation)
  return {
    anchors: anchors.current,
    intermediates: intermediates.all,
    remember: intermediates.remember,
  }
}
