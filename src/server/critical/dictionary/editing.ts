import type { Transaction } from 'kysely'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import { diffDictionaries } from '../../../shared/dictionary/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import { IntegrityError } from '../../protection/index.ts'
import type { Schema } from '../../store/index.ts'
import type { Dictionaries } from './dictionaries.ts'
import { discarded, draftFrom, published, type Step, type StoredVersion, saved, tested } from './lifecycle.ts'
import { readDictionary } from './read-dictionary.ts'
import type { VersionRows } from './version-rows.ts'

/** Who changes the dictionary. */
export interface Editor {
  accountId: string
  actor: AuditEntry['actor']
}

/** What is done to the one draft there may be. Each step and its audit row commit together. */
export interface DictionaryEditing {
  /** @throws VigilError `conflict` where there is a draft, `not-found` for an unknown `from`. */
  begin(from: string | undefined, by: Editor): Promise<StoredVersion>
  /** @throws VigilError `conflict`, `dictionary-invalid`, `not-found` where there is no draft. */
  save(
    change: { baseRevision: number; content: DictionaryContent; note: string },
    by: Editor,
  ): Promise<StoredVersion>
  /** A dry run of this revision is done. @throws VigilError `conflict` where it was changed meanwhile. */
  markTested(revision: number, by: Editor, figures: Record<string, number>): Promise<StoredVersion>
  /** @throws VigilError `conflict`, `dictionary-untested`, `second-person-required`, `dictionary-invalid`, `not-found` */
  publish(revision: number, by: Editor): Promise<StoredVersion>
  discard(by: Editor): Promise<void>
}

/** An audit row names so many types; the versions themselves are kept whole. */
const mostNamed = 50

export function createDictionaryEditing(
  foundation: Pick<Foundation, 'store' | 'audit' | 'clock'>,
  deps: { rows: VersionRows; dictionaries: Dictionaries },
): DictionaryEditing {
  const { store, audit, clock } = foundation
  const { rows, dictionaries } = deps

  const stepOf = ({ accountId }: Editor): Step => ({ by: accountId, at: clock() })

  async function openDraft(trx: Transaction<Schema>): Promise<StoredVersion> {
    const draft = await rows.draft(trx)
    if (!draft) throw new VigilError('not-found')
    return draft
  }

  function record(
    trx: Transaction<Schema>,
    action: string,
    { version, revision }: Pick<StoredVersion, 'version'> & { revision?: number },
    { actor }: Editor,
    detail: Record<string, unknown> = {},
  ): Promise<void> {
    const object = { kind: 'dictionary', id: version }
    return audit.append(trx, {
      action,
      outcome: 'success',
      actor,
      object,
      detail: { revision, ...detail },
    })
  }

  /** A name that no version has had, and a time after all of theirs: the history keeps its order. */
  async function next(trx: Transaction<Schema>): Promise<{ name: string; at: number }> {
    const heads = await rows.heads(trx, async () => {})
    const taken = new Set(heads.map(({ version }) => version))
    let number = (await rows.count(trx)) + 1
    while (taken.has(`D${number}`)) number += 1
    return { name: `D${number}`, at: Math.max(clock(), (heads[0]?.createdAt ?? 0) + 1) }
  }

  return {
    begin: (from, by) =>
      store.transaction(async (trx) => {
        if (await rows.draft(trx)) throw new VigilError('conflict', { field: 'dictionary' })
        const base = from === undefined ? await rows.newestPublished(trx) : await rows.named(trx, from)
        if (!base) throw new VigilError('not-found')
        const { name, at } = await next(trx)
        const draft = draftFrom(base, name, { by: by.accountId, at })
        await rows.insert(trx, draft)
        await record(trx, 'dictionary.draft-begun', draft, by, { base: base.version })
        return draft
      }),

    save: (change, by) =>
      store.transaction(async (trx) => {
        const before = await openDraft(trx)
        const after = saved(before, change, stepOf(by))
        readDictionary({ version: after.version, ...after.content })
        await rows.update(trx, after)
        await record(trx, 'dictionary.draft-saved', after, by, changesOf(before.content, after.content))
        return after
      }),

    markTested: (revision, by, figures) =>
      store.transaction(async (trx) => {
        const draft = tested(await openDraft(trx), revision, stepOf(by))
        await rows.update(trx, draft)
        await record(trx, 'dictionary.tested', draft, by, figures)
        return draft
      }),

    async publish(revision, by) {
      const approved = await store.transaction(async (trx) => {
        const before = await rows.newestPublished(trx)
        const at = Math.max(clock(), (before?.publishedAt ?? 0) + 1)
        const version = published(await openDraft(trx), revision, { by: by.accountId, at })
        readDictionary({ version: version.version, ...version.content })
        await rows.update(trx, version)
        await record(trx, 'dictionary.published', version, by, {
          base: version.base,
          editors: version.editors,
          ...(before ? changesOf(before.content, version.content) : {}),
        })
        return version
      })
      await dictionaries.refresh()
      return approved
    },

    discard: (by) =>
      store.transaction(async (trx) => {
        const draft = await openDraft(trx).catch((error: unknown) => {
          if (error instanceof IntegrityError && error.place.column === 'sealed_version') return null
          throw error
        })
        if (draft) {
          const end = discarded(draft, stepOf(by))
          await rows.update(trx, end)
          return record(trx, 'dictionary.draft-discarded', end, by)
        }
        const version = await rows.setAsideDraft(trx)
        await record(trx, 'dictionary.draft-discarded', { version }, by, { unreadable: true })
      }),
  }
}

function changesOf(before: DictionaryContent, after: DictionaryContent): Record<string, unknown> {
  const { added, removed, changed, rules } = diffDictionaries(before, after)
  const codes = (entries: readonly { code: string }[]) => entries.slice(0, mostNamed).map(({ code }) => code)
  return {
    added: codes(added),
    removed: codes(removed),
    changed: codes(changed),
    rules: rules.slice(0, mostNamed).map(({ path }) => path),
  }
}
