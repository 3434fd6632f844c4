import { type CriticalAnalyzer, compileDictionary } from '../../../shared/critical/index.ts'
import type { CriticalDictionary } from '../../../shared/critical/model.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { IntegrityError } from '../../protection/index.ts'
import { firstVersion, type StoredVersion } from './lifecycle.ts'
import { startingDictionary } from './starting-dictionary.ts'
import type { VersionRows } from './version-rows.ts'

export interface InForce {
  readonly dictionary: CriticalDictionary
  readonly analyzer: CriticalAnalyzer
}

/** The dictionary in force. Ask each time, and once for each piece of work: it may change at any `await`. */
export interface Dictionaries {
  inForce(): InForce
  /** Takes what was published, here or by another process, and tells all sessions. Does nothing where nothing was. */
  refresh(): Promise<void>
  /** Looks every second what others published, so that it is known everywhere well within five. */
  start(): void
  stop(): Promise<void>
}

const pollMs = 1000

/**
 * Publishes `starting`, or the hospital's own list where the configuration names one, as the first version where there is none.
 * @throws VigilError `dictionary-invalid` where the starting dictionary may not be used.
 * @throws Error where the version in force was changed in the database: a gateway that does not know what is critical
 * does not start, and does not go back to an older dictionary by itself.
 */
export async function openDictionaries(
  foundation: Pick<Foundation, 'config' | 'store' | 'audit' | 'clock' | 'gatewayId' | 'log'>,
  deps: { starting: unknown; rows: VersionRows; damage: DamageReports; announcements: Announcements },
): Promise<Dictionaries> {
  const { config, store, audit, clock, gatewayId, log } = foundation
  const { rows, damage, announcements } = deps

  async function first(): Promise<StoredVersion> {
    const { version, ...content } = await startingDictionary(config.startingDictionaryFile, deps.starting)
    return store.transaction(async (trx) => {
      const there = await rows.newestPublished(trx)
      if (there) return there
      const made = firstVersion(version, content, { by: 'gateway', at: clock() })
      await rows.insert(trx, made)
      await audit.append(trx, {
        action: 'dictionary.published',
        outcome: 'success',
        actor: { kind: 'gateway', id: gatewayId },
        object: { kind: 'dictionary', id: version },
        detail: { entries: content.entries.length },
      })
      return made
    })
  }

  async function opening(): Promise<InForce> {
    try {
      // Each of them: one that was made out to be older or unpublished would have another one be in force.
      await rows.heads(store.db, async (error) => {
        await damage.report(error.place)
        if (error.place.column !== 'sealed_version') throw error
      })
      return compiled((await rows.newestPublished(store.db)) ?? (await first()))
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error
      await damage.report(error.place)
      throw new Error(
        `the critical-value dictionary was changed in the database (version ${error.place.row}, ${error.place.column}): restore it from a good copy`,
        { cause: error },
      )
    }
  }

  let inForce = await opening()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  async function take(): Promise<void> {
    const name = await rows.newestPublishedName(store.db)
    if (name === null || name === inForce.dictionary.version) return
    const newest = await rows.newestPublished(store.db)
    if (!newest || newest.version === inForce.dictionary.version) return
    inForce = compiled(newest)
    announcements.announce({ kind: 'dictionary-changed', version: newest.version })
  }

  /** One after another; what cannot be read leaves in force what is. */
  function refresh(): Promise<void> {
    looking = looking.then(take).catch(async (error: unknown) => {
      log.error({ code: error instanceof VigilError ? error.code : 'internal' }, 'dictionary refresh')
      if (error instanceof IntegrityError) await damage.report(error.place)
    })
    return looking
  }

  return {
    inForce: () => inForce,
    refresh,
    start() {
      timer = setInterval(() => void refresh(), pollMs)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

/** What was once approved stays in force, whatever later rules say of new ones. */
function compiled({ version, content }: StoredVersion): InForce {
  const dictionary = { version, ...content }
  return { dictionary, analyzer: compileDictionary(dictionary) }
}
