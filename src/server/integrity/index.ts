export { type Adopted, resealRows, sealRows } from './row-seals.ts'

import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'

/** Makes a damaged stored value known: audited and logged (place only), once for each damaged value while the gateway runs. */
export interface DamageReports {
  /** Does nothing for a value already reported. `what` tells what is wrong where it is not the ciphertext itself. */
  report(place: Place, what?: string): Promise<void>
  /** For a catch: an IntegrityError is reported and becomes a refusal that names the place; anything else is given back as it is. */
  refusal(thrown: unknown): Promise<unknown>
  /** The value; empty, and reported, where it is damaged. For lists that must not break over one row. */
  opened(protection: Protection, place: Place, sealed: string): Promise<string>
}

export function createDamageReports(foundation: Pick<Foundation, 'audit' | 'log'>): DamageReports {
  const known = new Set<string>()

  async function report(place: Place, what = 'unreadable'): Promise<void> {
    const key = `${place.table}.${place.column}/${place.row}`
    if (known.has(key)) return
    known.add(key)
    foundation.log.error({ place, what }, 'stored value damaged')
    await foundation.audit.record({
      action: 'integrity.failed',
      outcome: 'failed',
      actor: { kind: 'gateway', id: 'gateway' },
      object: { kind: place.table, id: place.row },
      detail: { column: place.column, what },
    })
  }

  async function refusal(thrown: unknown): Promise<unknown> {
    if (!(thrown instanceof IntegrityError)) return thrown
    await report(thrown.place)
    return new VigilError('internal', { damaged: thrown.place.table }, { cause: thrown })
  }

  async function opened(protection: Protection, place: Place, sealed: string): Promise<string> {
    try {
      return protection.open(place, sealed)
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await report(place)
      return ''
    }
  }

  return { report, refusal, opened }
}
