import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback, useDeferredValue, useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { DictionaryContent, DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { useVersionContent, versionsKey } from '../versions/version-queries.ts'
import { type CopyEvent, copyOf, type DraftCopy, isSavable, isUnsaved, nextCopy } from './copy.ts'
import { reviewOf } from './mistakes.ts'

/** Long enough not to save every letter, short enough that a lock loses nothing. */
const saveAfterMs = 1_500
const retryAfterMs = 10_000

/** Beside the queries of `dictionary`, which are read anew whenever something is published. */
const copyKey = ['dictionary-draft-copy']

/**
 * The draft being written: read once, edited here, saved by itself shortly after each edit that the gateway would take. It
 * outlives a look at another area, and goes with the workspace.
 */
export function useDraft(row: DictionaryVersion | null) {
  const bridge = useBridge()
  const queries = useQueryClient()
  // State of its own: what is typed must show before the next event. The cache only carries it over a look elsewhere.
  const [kept, put] = useState<DraftCopy | null>(() => queries.getQueryData<DraftCopy>(copyKey) ?? null)
  useEffect(() => {
    queries.setQueryDefaults(copyKey, { gcTime: Number.POSITIVE_INFINITY, structuralSharing: false })
    queries.setQueryData(copyKey, kept)
  }, [queries, kept])
  const copy = row ? kept : null
  const behind = row !== null && (!kept || kept.version !== row.version || kept.revision < row.revision)
  const remote = useVersionContent(behind ? row.version : null, row?.revision ?? 0)
  const tell = useCallback((event: CopyEvent) => put((now) => now && nextCopy(now, event)), [])

  const saving = useMutation({
    mutationFn: async (given: DraftCopy) => {
      const { content, note } = given.history.present
      const args = { baseRevision: given.revision, content, note: note.trim() }
      return { saved: await unwrap(bridge.dictionarySaveDraft(args)), work: given.history.present }
    },
    onSuccess: ({ saved, work }) => {
      const event = { kind: 'saved', work, revision: saved.revision } as const
      tell(event)
      // Also where this screen has been left meanwhile.
      queries.setQueryData<DraftCopy>(copyKey, (now) => now && nextCopy(now, event))
      queries.setQueryData<{ versions: DictionaryVersion[]; inForce: string }>(versionsKey, (list) =>
        list
          ? {
              ...list,
              versions: list.versions.map((each) => (each.version === saved.version ? saved : each)),
            }
          : list,
      )
    },
    onError: (thrown) => {
      if (['conflict', 'not-found'].includes(failureOf(thrown).code)) tell({ kind: 'clash' })
      void queries.invalidateQueries({ queryKey: versionsKey })
    },
  })

  const unsaved = copy !== null && isUnsaved(copy)
  const present = copy?.history.present
  const looked = useDeferredValue(present)
  const review = useMemo(() => (looked ? reviewOf(looked.content) : null), [looked])

  // What the gateway has and this copy has not: taken over where nothing is lost by it.
  const news = remote.data
  const follow = useEffectEvent((found: { version: DictionaryVersion; content: DictionaryContent }) => {
    if (saving.isPending) return
    const { version, content } = found
    if (!kept) put(copyOf(version, content))
    else if (kept.version !== version.version || kept.revision < version.revision) {
      if (isUnsaved(kept)) tell({ kind: 'clash' })
      else tell({ kind: 'load', version, content })
    }
  })
  const settled = !saving.isPending
  const refused = saving.isError
  useEffect(() => {
    if (news && settled) follow(news)
  }, [news, settled])
  // Discarded or published: nothing is left to write at. Edits of one's own stay to be copied from.
  const gone = row === null && kept !== null
  useEffect(() => {
    if (gone && kept && !isUnsaved(kept)) put(null)
  }, [gone, kept])

  const save = useEffectEvent(async () => {
    if (!copy || !unsaved || copy.clash || saving.isPending || !isSavable(copy.history.present)) return
    await saving.mutateAsync(copy).catch(() => undefined)
  })
  useEffect(() => {
    if (!present || !unsaved || !settled) return
    const timer = setTimeout(() => void save(), refused ? retryAfterMs : saveAfterMs)
    return () => clearTimeout(timer)
  }, [present, unsaved, settled, refused])
  useEffect(() => {
    const now = () => void save()
    window.addEventListener('blur', now)
    window.addEventListener('pagehide', now)
    return () => {
      window.removeEventListener('blur', now)
      window.removeEventListener('pagehide', now)
      now()
    }
  }, [])

  const theirs = async () => {
    const given = await unwrap(bridge.dictionaryVersion({ version: row?.version ?? '' }))
    await queries.invalidateQueries({ queryKey: versionsKey })
    // What was refused is settled by this: the next save is a first try, and soon.
    saving.reset()
    return given
  }
  return {
    copy,
    loading: row !== null && copy === null && !remote.isError,
    error: copy === null ? remote.error : null,
    unsaved,
    /** What is to be put right; a moment behind the typing. Null without a draft. */
    review,
    saving: saving.isPending,
    failure: saving.isError && unsaved && !copy.clash ? failureOf(saving.error) : null,
    /** Edits whose draft is no longer there. */
    orphan: gone && kept && isUnsaved(kept) ? kept.history.present : null,
    dropOrphan: () => put(null),
    tell,
    save: () => save(),
    takeTheirs: async () => tell({ kind: 'load', ...(await theirs()) }),
    keepMine: async () => tell({ kind: 'keep-mine', ...(await theirs()) }),
    forget: () => put(null),
  }
}

export type Draft = ReturnType<typeof useDraft>
