import type { Announcements, Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { StudyGuard } from '../../sensitivity/index.ts'
import { type Dictionaries, openDictionaries } from './dictionaries.ts'
import { createDryRuns, type PastReports } from './dry-run.ts'
import { createDictionaryEditing } from './editing.ts'
import { type DictionaryHandlers, dictionaryHandlers } from './handlers.ts'
import { createVersionRows } from './version-rows.ts'

export type { Dictionaries, InForce } from './dictionaries.ts'
export type { PastReports } from './dry-run.ts'
export type { DictionaryHandlers } from './handlers.ts'
export { rememberSentences } from './remember-sentences.ts'
export { storedDictionary } from './stored.ts'

/** The hospital's dictionary: what is in force, its versions, and how a new one comes to be. */
export interface DictionaryCapability {
  readonly dictionaries: Dictionaries
  readonly handlers: DictionaryHandlers
  start(): void
  stop(): Promise<void>
}

/** @throws as `openDictionaries` */
export async function createDictionary(
  foundation: Foundation,
  deps: {
    announcements: Announcements
    damage: DamageReports
    /** A CriticalDictionary that a new gateway begins with. */
    starting: unknown
    pastReports: PastReports
    displayNames: () => Promise<ReadonlyMap<string, string>>
    restriction: StudyGuard
  },
): Promise<DictionaryCapability> {
  const rows = createVersionRows(foundation)
  const dictionaries = await openDictionaries(foundation, { ...deps, rows })
  const editing = createDictionaryEditing(foundation, { rows, dictionaries })
  const draft = () => rows.draft(foundation.store.db)
  const dryRuns = createDryRuns(foundation, { ...deps, dictionaries, editing, draft })
  return {
    dictionaries,
    handlers: dictionaryHandlers(foundation, { ...deps, rows, dictionaries, editing, dryRuns }),
    start: dictionaries.start,
    async stop() {
      await dryRuns.stop()
      await dictionaries.stop()
    },
  }
}
