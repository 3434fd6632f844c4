import type { ProtectionStatus } from '../../shared/api/protection.ts'
import type { Handlers } from '../http/index.ts'

/** Where each part of the protection page comes from. */
export interface ProtectionSources {
  keys(): Promise<Pick<ProtectionStatus, 'masterKey' | 'keys' | 'rotation'>>
  /** Null before the clock was held against anything. */
  clock(): ProtectionStatus['clock']
  scrub(): Promise<ProtectionStatus['scrub']>
  damage(): Promise<ProtectionStatus['damage']>
}

/** How what is stored is protected, on one page: keys, clock, scrub, damage. */
export function protectionStatusHandlers(sources: ProtectionSources): Handlers<'protectionStatus'> {
  return {
    async protectionStatus() {
      const [keys, scrub, damage] = await Promise.all([sources.keys(), sources.scrub(), sources.damage()])
      return { ...keys, clock: sources.clock(), scrub, damage }
    },
  }
}
