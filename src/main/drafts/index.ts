import type { Failure } from '../../shared/errors/index.ts'
import { failureOf, VigilError } from '../../shared/errors/index.ts'
import type { DraftAmendment, KeyImage, ReportDraft, ReportText } from '../../shared/report/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { LocalDraft } from './cipher.ts'
import type { DraftFiles } from './files.ts'
import { type Recovery, recover, sameAmendment, sameKeyImages, sameText } from './recovery.ts'

export { createDraftCipher } from './cipher.ts'
export { type DraftFiles, openDraftFiles } from './files.ts'
export { sameKeyImages, sameText } from './recovery.ts'

export interface DraftEvent {
  study: string
  state: 'local' | 'gateway' | 'refused'
  at: number
  failure?: Failure
}

export interface DraftsOptions {
  accountId: string
  files: DraftFiles
  clock: Clock
  /** Milliseconds of a clock that nobody can set: the user's text must not wait for the wall clock to catch up. */
  steady: Clock
  /** Saves on the gateway; throws what the channel throws. */
  saveOnGateway(
    study: string,
    written: Pick<LocalDraft, 'text' | 'amendment' | 'keyImages'>,
    baseRevision: number,
  ): Promise<{ revision: number }>
  /** True for failures that pass by themselves, so that saving is tried again. */
  passes(error: unknown): boolean
  onEvent(event: DraftEvent): void
  timing?: DraftTiming
}

export interface DraftTiming {
  /** Least time between two writes of one draft to the disk. */
  writeEveryMs: number
  /** Pause in typing before the gateway is asked, and the longest wait while typing goes on. */
  debounceMs: number
  ceilingMs: number
  retryMs: number
}

/** One account's drafts: on this workstation at once, on the gateway soon after. Nothing typed is given up by either. */
export interface Drafts {
  /**
   * Decides which text the editor opens with. A broken local file is set aside, reported and otherwise ignored. With
   * `signed`, `gateway` is the last signed version as if it were a draft: nobody has begun to amend it there.
   */
  open(study: string, gateway: ReportDraft | null, how?: { signed: boolean }): Promise<Recovery>
  /**
   * Resolves when the text is on this workstation's disk. While paused it goes there and no further. Key images that are not
   * said stay as they are.
   */
  save(
    study: string,
    text: ReportText,
    amendment?: DraftAmendment,
    keyImages?: KeyImage[],
  ): Promise<{ savedAt: number }>
  /**
   * Has the gateway take this text before anything else is done with the draft; the revision it then has there.
   * @throws what the gateway's refusal is, or that it was not reached; the text stays here.
   */
  settle(study: string, text: ReportText): Promise<{ revision: number }>
  /** Sends what could not be sent before, also by earlier runs. */
  resume(): Promise<{ unreadable: number }>
  /** The session is locked or over: writes what waits to the disk, stops sending, and forgets every text. */
  pause(): Promise<void>
  /** The text as last typed here, null where the study is not open. */
  textOf(study: string): ReportText | null
  /** The key images of the draft as last said here, null where the study is not open. */
  keyImagesOf(study: string): KeyImage[] | null
  /** Everything local of the study goes: it has been signed, or given up. Nothing is under way to the gateway afterwards. */
  discard(study: string): Promise<void>
}

const usual: DraftTiming = { writeEveryMs: 500, debounceMs: 1_000, ceilingMs: 5_000, retryMs: 3_000 }

interface Open {
  draft: LocalDraft
  /** Set while a write waits for its turn or runs; typing in between only replaces `draft`. */
  writing: Promise<void> | null
  writtenAt: number
  /** When the oldest text that the gateway lacks was typed. */
  unsentSince: number | null
  timer: NodeJS.Timeout | null
  sending: Promise<void> | null
  /** The gateway refused this draft for good; only opening it again helps. */
  refused: boolean
}

export function createDrafts(options: DraftsOptions): Drafts {
  const { accountId, files, clock, steady, onEvent, timing = usual } = options
  const open = new Map<string, Open>()
  let paused = false

  function entry(study: string, draft: LocalDraft): Open {
    const fresh = {
      draft,
      writing: null,
      writtenAt: Number.NEGATIVE_INFINITY,
      unsentSince: null,
      timer: null,
      sending: null,
      refused: false,
    }
    open.set(study, fresh)
    return fresh
  }

  /** At most one write each `writeEveryMs`; every caller's promise covers its own text. */
  function write(item: Open, now = false): Promise<void> {
    if (item.writing) return item.writing
    const wait = now ? 0 : Math.max(0, item.writtenAt + timing.writeEveryMs - steady())
    item.writing = (async () => {
      // Always a turn later, so that `writing` is set before it is cleared.
      await (wait > 0 ? new Promise((resolve) => setTimeout(resolve, wait)) : null)
      const written = item.draft
      item.writing = null
      item.writtenAt = steady()
      await serialised(written.study, () => files.write(written))
    })()
    return item.writing
  }

  /** Two writes of one file never overlap, or the older could be renamed over the newer. */
  const tails = new Map<string, Promise<unknown>>()
  function serialised(study: string, task: () => Promise<void>): Promise<void> {
    const next = (tails.get(study) ?? Promise.resolve()).then(task)
    tails.set(
      study,
      next.catch(() => {}),
    )
    return next
  }

  function schedule(item: Open, delay: number): void {
    if (paused || item.refused) return
    if (item.timer) clearTimeout(item.timer)
    item.timer = setTimeout(() => {
      item.timer = null
      item.sending ??= send(item).finally(() => {
        item.sending = null
      })
    }, delay)
  }

  async function send(item: Open): Promise<void> {
    await trySend(item).catch(() => {})
  }

  /** @throws what the gateway's refusal is, once it has been told and a later try is on its way. */
  async function trySend(item: Open): Promise<void> {
    const { study, baseRevision, ...sent } = item.draft
    if (paused || open.get(study) !== item) return
    try {
      const { revision } = await options.saveOnGateway(study, sent, baseRevision)
      if (open.get(study) !== item) return
      const current = sameWritten(item.draft, sent)
      item.draft = { ...item.draft, baseRevision: revision, synced: current }
      item.unsentSince = current ? null : steady()
      await write(item)
      onEvent({ study, state: current ? 'gateway' : 'local', at: clock() })
      if (!current) schedule(item, timing.debounceMs)
    } catch (error) {
      if (paused || open.get(study) !== item) return
      const passing = options.passes(error)
      item.refused = !passing
      onEvent({ study, state: passing ? 'local' : 'refused', at: clock(), failure: failureOf(error) })
      if (passing) schedule(item, timing.retryMs)
      throw error
    }
  }

  /** A save for a study that is not open (after a lock): it goes on from what is on the disk. */
  async function unopened(study: string, text: ReportText, savedAt: number): Promise<LocalDraft> {
    const stored = await files.read(study).catch(() => null)
    const { baseRevision = 0, keyImages } = stored ?? {}
    return {
      accountId,
      study,
      text,
      savedAt,
      baseRevision,
      synced: false,
      ...(keyImages ? { keyImages } : {}),
    }
  }

  return {
    async open(study, gateway, how) {
      const before = open.get(study)
      if (before) {
        // Opened again while saving: what is in memory is the newest local text there is.
        await write(before, true)
        if (before.timer) clearTimeout(before.timer)
        await before.sending
        open.delete(study)
      }
      const local = await files.read(study).catch((error: unknown) => {
        onEvent({ study, state: 'refused', at: clock(), failure: failureOf(error) })
        return null
      })
      const recovery = recover(local, gateway, how)
      if (recovery.supersede) await files.setAside(study)
      const { text, baseRevision, recovered, amendment, keyImages } = recovery
      const item = entry(study, {
        accountId,
        study,
        text,
        savedAt: clock(),
        baseRevision,
        synced: !recovered,
        keyImages,
        ...(amendment ? { amendment } : {}),
      })
      if (recovered) schedule(item, 0)
      return recovery
    },

    async save(study, text, amendment, keyImages) {
      const savedAt = clock()
      const typedAt = steady()
      const item = open.get(study) ?? entry(study, await unopened(study, text, savedAt))
      const { amendment: _, ...draft } = item.draft
      item.draft = {
        ...draft,
        text,
        savedAt,
        synced: false,
        ...(amendment ? { amendment } : {}),
        ...(keyImages ? { keyImages } : {}),
      }
      try {
        await write(item)
        // Nobody looks at it while paused, and the next to look may be somebody else.
        if (!item.refused && !paused) onEvent({ study, state: 'local', at: savedAt })
      } finally {
        // A full disk must not keep the text from the gateway as well.
        item.unsentSince ??= typedAt
        const ceiling = item.unsentSince + timing.ceilingMs - steady()
        schedule(item, Math.max(0, Math.min(timing.debounceMs, ceiling)))
        if (paused) open.delete(study)
      }
      return { savedAt }
    },

    async settle(study, text) {
      const item = open.get(study) ?? entry(study, await unopened(study, text, clock()))
      if (!sameText(item.draft.text, text))
        item.draft = { ...item.draft, text, savedAt: clock(), synced: false }
      await write(item, true)
      do {
        if (item.timer) clearTimeout(item.timer)
        item.timer = null
        await item.sending
        if (item.draft.synced) break
        const sending = trySend(item)
        item.sending = sending
          .catch(() => {})
          .finally(() => {
            item.sending = null
          })
        await sending
      } while (open.get(study) === item && !paused)
      if (!item.draft.synced) throw new VigilError('session-locked')
      return { revision: item.draft.baseRevision }
    },

    async resume() {
      paused = false
      const { drafts, unreadable } = await files.all()
      for (const draft of drafts) {
        if (!draft.synced && !open.has(draft.study)) schedule(entry(draft.study, draft), 0)
      }
      return { unreadable }
    },

    async pause() {
      paused = true
      for (const item of open.values()) if (item.timer) clearTimeout(item.timer)
      const waiting = [...open.values()].filter(({ draft }) => !draft.synced)
      await Promise.allSettled(waiting.map((item) => write(item, true)))
      await Promise.all(tails.values())
      open.clear()
    },

    textOf: (study) => open.get(study)?.draft.text ?? null,
    keyImagesOf: (study) => open.get(study)?.draft.keyImages ?? null,

    async discard(study) {
      const item = open.get(study)
      if (item?.timer) clearTimeout(item.timer)
      open.delete(study)
      await item?.writing?.catch(() => {})
      await item?.sending
      await serialised(study, () => files.remove(study))
    },
  }
}

function sameWritten(a: LocalDraft, b: Pick<LocalDraft, 'text' | 'amendment' | 'keyImages'>): boolean {
  return (
    sameText(a.text, b.text) &&
    sameAmendment(a.amendment, b.amendment) &&
    sameKeyImages(a.keyImages ?? [], b.keyImages ?? [])
  )
}
