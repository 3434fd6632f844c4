import { z } from 'zod'
import { DictionaryContent, DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { VigilError } from '../../../shared/errors/index.ts'

/** A version as kept: the sealed JSON of a `dictionary_versions` row. People are account ids, `gateway` for the first version. */
export const StoredVersion = DictionaryVersion.omit({ entries: true, terms: true }).extend({
  editors: z.array(z.string()),
  content: DictionaryContent,
})
export type StoredVersion = z.infer<typeof StoredVersion>

/** Who does something to a version, and when (epoch ms). */
export interface Step {
  by: string
  at: number
}

/** The version that a hospital begins with: there is nobody yet who could approve it. */
export function firstVersion(version: string, content: DictionaryContent, { by, at }: Step): StoredVersion {
  return {
    version,
    state: 'published',
    revision: 1,
    base: '',
    note: '',
    createdAt: at,
    createdBy: by,
    changedAt: at,
    editors: [],
    testedAt: null,
    testedBy: '',
    publishedAt: at,
    approvedBy: by,
    content,
  }
}

/** A draft with the content of `base`. What was never approved takes its editors along: none of them may approve it now. */
export function draftFrom(base: StoredVersion, version: string, { by, at }: Step): StoredVersion {
  return {
    version,
    state: 'draft',
    revision: 1,
    base: base.version,
    note: '',
    createdAt: at,
    createdBy: by,
    changedAt: at,
    editors: withEditor(base.state === 'published' ? [] : base.editors, by),
    testedAt: null,
    testedBy: '',
    publishedAt: null,
    approvedBy: '',
    content: base.content,
  }
}

/** @throws VigilError `conflict` where the draft is no longer the one that the change was made from. */
export function saved(
  draft: StoredVersion,
  change: { baseRevision: number; content: DictionaryContent; note: string },
  { by, at }: Step,
): StoredVersion {
  mustBeAt(draft, change.baseRevision)
  return {
    ...draft,
    state: 'draft',
    revision: draft.revision + 1,
    content: change.content,
    note: change.note,
    changedAt: at,
    editors: withEditor(draft.editors, by),
    testedAt: null,
    testedBy: '',
  }
}

/** A dry run of exactly this revision is done. @throws VigilError `conflict` where it was changed meanwhile. */
export function tested(draft: StoredVersion, revision: number, { by, at }: Step): StoredVersion {
  mustBeAt(draft, revision)
  return { ...draft, state: 'tested', testedAt: at, testedBy: by }
}

/**
 * Approved, and in force from now on.
 * @throws VigilError `conflict`, `dictionary-untested`, or `second-person-required` where the approver wrote at it.
 */
export function published(draft: StoredVersion, revision: number, { by, at }: Step): StoredVersion {
  mustBeAt(draft, revision)
  if (draft.state !== 'tested') throw new VigilError('dictionary-untested')
  if (draft.editors.includes(by)) throw new VigilError('second-person-required')
  return { ...draft, state: 'published', publishedAt: at, approvedBy: by }
}

export function discarded(draft: StoredVersion, { at }: Step): StoredVersion {
  mustBeOpen(draft)
  return { ...draft, state: 'discarded', changedAt: at }
}

function mustBeAt(draft: StoredVersion, revision: number): void {
  mustBeOpen(draft)
  if (draft.revision !== revision) throw new VigilError('conflict', { field: 'dictionary' })
}

/** What was published or given up stays as it is. */
function mustBeOpen({ state }: StoredVersion): void {
  if (state !== 'draft' && state !== 'tested') throw new VigilError('not-found')
}

function withEditor(editors: readonly string[], by: string): string[] {
  return editors.includes(by) ? [...editors] : [...editors, by]
}
