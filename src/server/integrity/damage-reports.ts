import { VigilError } from '../../shared/errors/index.ts'
import type { AuditTrail } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { IntegrityError, type Place, type Protection } from '../protection/index.ts'
import { noteDamage } from './damage-list.ts'

/** Makes a damaged stored value known: audited, logged (place only), listed and alarmed, once for each while the gateway runs. */
export interface DamageReports {
  /** Does nothing for a value already reported. `what` tells what is wrong where it is not the ciphertext itself. */
  report(place: Place, what?: string): Promise<void>
  /**
   * For a catch: damage is reported and becomes a refusal that names the place; anything else is given back as it is. Damage is
   * an IntegrityError, or a database whose pages SQLite itself cannot make sense of.
   */
  refusal(thrown: unknown): Promise<unknown>
  /** The value; empty, and reported, where it is damaged. For lists that must not break over one row. */
  opened(protection: Protection, place: Place, sealed: string): Promise<string>
}

/** SQLite's own words for a file that is not what it wrote, or that the disk does not give back. */
const unreadableFile = /^SQLITE_(CORRUPT|NOTADB|IOERR)/

export const isUnreadableFile = (thrown: unknown): thrown is Error & { code: string } =>
  thrown instanceof Error && 'code' in thrown && unreadableFile.test(String(thrown.code))

/** Where damage is that no row can be named of. */
export const databasePlace: Place = { table: 'database', column: 'pages', row: '*' }

/** The write-ahead log, found damaged when the gateway started. It stands until somebody accepts it: no scrub can make it good. */
export const journalPlace: Place = { table: 'database', column: 'journal', row: '*' }

/** Many parts read the same values: what one reported is known to all that write to the same audit trail. */
const knownTo = new WeakMap<AuditTrail, Set<string>>()

function reported(audit: AuditTrail): Set<string> {
  const known = knownTo.get(audit) ?? new Set<string>()
  knownTo.set(audit, known)
  return known
}

const nameOf = ({ table, column, row }: Place) => `${table}.${column}/${row}`

/** What was restored is told again when it is damaged again. */
export function restoredNow(audit: AuditTrail, place: Place): void {
  reported(audit).delete(nameOf(place))
}

export function createDamageReports(
  foundation: Pick<Foundation, 'audit' | 'log'> & Partial<Pick<Foundation, 'alarms' | 'store' | 'clock'>>,
): DamageReports {
  const known = reported(foundation.audit)
  const { alarms, store, clock } = foundation

  async function report(place: Place, what = 'unreadable'): Promise<void> {
    const key = nameOf(place)
    if (known.has(key)) return
    known.add(key)
    foundation.log.error({ place, what }, 'stored value damaged')
    await alarms?.raise({
      kind: 'data-damaged',
      severity: 'serious',
      subject: place.table,
      facts: { column: place.column, what },
    })
    // A damaged database may take neither; what was asked for is refused all the same.
    if (store && clock) await surely(() => noteDamage({ store, clock }, place, what))
    await surely(() =>
      foundation.audit.record({
        action: 'integrity.failed',
        outcome: 'failed',
        actor: { kind: 'gateway', id: 'gateway' },
        object: { kind: place.table, id: place.row },
        detail: { column: place.column, what },
      }),
    )
  }

  async function surely(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isUnreadableFile(error)) throw error
      foundation.log.error({ code: error.code }, 'damage not written down')
    }
  }

  async function refusal(thrown: unknown): Promise<unknown> {
    if (isUnreadableFile(thrown)) {
      await report(databasePlace, thrown.code)
      return new VigilError('internal', { damaged: databasePlace.table }, { cause: thrown })
    }
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
