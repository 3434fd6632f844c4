import type { DictionaryVersion, DryRunHit } from '../../../shared/api/dictionary.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation, SessionPrincipal } from '../../foundation.ts'
import { auditActor, type Handlers } from '../../http/index.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { StudyGuard } from '../../sensitivity/index.ts'
import type { Dictionaries } from './dictionaries.ts'
import type { DryRuns } from './dry-run.ts'
import type { DictionaryEditing } from './editing.ts'
import type { VersionHead, VersionRows } from './version-rows.ts'

export type DictionaryHandlers = Handlers<
  | 'dictionary'
  | 'dictionaryVersions'
  | 'dictionaryVersion'
  | 'beginDictionaryDraft'
  | 'saveDictionaryDraft'
  | 'discardDictionaryDraft'
  | 'beginDryRun'
  | 'dryRun'
  | 'publishDictionary'
>

export function dictionaryHandlers(
  { store, audit }: Pick<Foundation, 'store' | 'audit'>,
  deps: {
    rows: VersionRows
    dictionaries: Dictionaries
    editing: DictionaryEditing
    dryRuns: DryRuns
    damage: DamageReports
    displayNames: () => Promise<ReadonlyMap<string, string>>
    restriction: StudyGuard
  },
): DictionaryHandlers {
  const { rows, dictionaries, editing, dryRuns, damage, displayNames, restriction } = deps

  /** The sentences of reports that the person may not open are left out; they count all the same. */
  async function mayBeRead(hits: readonly DryRunHit[], principal: SessionPrincipal): Promise<DryRunHit[]> {
    const open: DryRunHit[] = []
    for (const hit of hits)
      if (!(await restriction(principal, hit.studyInstanceUid, { text: hit.excerpt }))) open.push(hit)
    return open
  }

  async function shown(version: VersionHead): Promise<DictionaryVersion> {
    return view(version, await displayNames())
  }

  /** A damaged value is reported, and told as what it is. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw await damage.refusal(error)
    }
  }

  return {
    dictionary: async () => dictionaries.inForce().dictionary,
    dictionaryVersions: () =>
      guarded(async () => {
        const heads = await rows.heads(store.db, ({ place }) => damage.report(place))
        const names = await displayNames()
        return {
          versions: heads.map((version) => view(version, names)),
          inForce: dictionaries.inForce().dictionary.version,
        }
      }),
    dictionaryVersion: ({ params }) =>
      guarded(async () => {
        const version = await rows.named(store.db, params.version)
        return { version: await shown(version), content: version.content }
      }),
    beginDictionaryDraft: ({ body, principal, address }) =>
      guarded(async () => shown(await editing.begin(body.from, editorOf(principal, address)))),
    saveDictionaryDraft: ({ body, principal, address }) =>
      guarded(async () => shown(await editing.save(body, editorOf(principal, address)))),
    discardDictionaryDraft: ({ principal, address }) =>
      guarded(async () => {
        await editing.discard(editorOf(principal, address))
        return {}
      }),
    beginDryRun: ({ body, principal, address }) =>
      guarded(() => dryRuns.begin(body, editorOf(principal, address))),
    dryRun: async ({ principal }) => {
      const run = dryRuns.last()
      if (!run) throw new VigilError('not-found')
      return {
        ...run,
        fires: await mayBeRead(run.fires, principal),
        stops: await mayBeRead(run.stops, principal),
      }
    },
    publishDictionary: ({ body, principal, address }) =>
      guarded(async () => {
        const editor = editorOf(principal, address)
        try {
          return await shown(await editing.publish(body.revision, editor))
        } catch (error) {
          if (error instanceof VigilError)
            await audit.record({
              action: 'dictionary.published',
              outcome: 'refused',
              actor: editor.actor,
              detail: { code: error.code, revision: body.revision },
            })
          throw error
        }
      }),
  }
}

function editorOf(principal: Parameters<typeof auditActor>[0] & { accountId: string }, address: string) {
  return { accountId: principal.accountId, actor: auditActor(principal, address) }
}

function view(
  { content, editors, ...version }: VersionHead,
  names: ReadonlyMap<string, string>,
): DictionaryVersion {
  const nameOf = (id: string) => names.get(id) ?? id
  return {
    ...version,
    createdBy: nameOf(version.createdBy),
    testedBy: nameOf(version.testedBy),
    approvedBy: nameOf(version.approvedBy),
    editors: editors.map((accountId) => ({ accountId, name: nameOf(accountId) })),
    entries: content.entries.length,
    terms: content.entries.reduce((sum, { terms }) => sum + terms.length, 0),
  }
}
