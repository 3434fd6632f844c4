import type { Failure } from '../../shared/errors/index.ts'

/** Where the typed text is. `unsaved` says that there is newer text than `last` tells of. */
export interface SaveState {
  unsaved: boolean
  last: null | { kind: 'local' | 'gateway'; at: number } | { kind: 'refused'; failure: Failure }
}

/** What main says of the draft without being asked. */
export interface DraftNews {
  state: 'local' | 'gateway' | 'refused'
  at: number
  failure?: Failure | undefined
}

export interface Autosave<T> {
  /** What there is to save, as it stands now. Saved at the latest `delayMs` after the first change that is not saved. */
  change(content: T): void
  /** What has come late, as an image that was on its way: a change like any other, and sent at once where it was closed meanwhile. */
  late(content: T): void
  /** Sends what is unsaved at once; done when it has been answered. */
  flush(): Promise<void>
  news(news: DraftNews): void
  /** Forgets what is unsaved: it is given up. Done when nothing is on its way any more. */
  drop(): Promise<void>
  /** Sends what is unsaved and stops. */
  close(): void
}

interface AutosaveParts<T> {
  /** Stores the draft; rejects with what `failureOf` understands. */
  save(content: T): Promise<{ savedAt: number }>
  toFailure(thrown: unknown): Failure
  /** Calls back after `ms`; returns what cancels it. */
  schedule(ms: number, run: () => void): () => void
  onState(state: SaveState): void
  delayMs: number
  /** How long after a failure it is tried again. */
  retryMs: number
}

/** Saves a report's text while it is being written. The delay is a bound, not a pause to wait for: who never pauses is saved too. */
export function createAutosave<T>(parts: AutosaveParts<T>): Autosave<T> {
  let content: T | null = null
  let onItsWay: Promise<void> | null = null
  let changes = 0
  let stored = 0
  let sent = 0
  let cancel: (() => void) | null = null
  let closed = false
  let last: SaveState['last'] = null

  const tell = () => closed || parts.onState({ unsaved: stored < changes, last })

  const plan = (ms: number) => {
    if (cancel || closed) return
    cancel = parts.schedule(ms, () => {
      cancel = null
      void send()
    })
  }

  const unplan = () => {
    cancel?.()
    cancel = null
  }

  const send = () => {
    const sending = sendNow().finally(() => {
      if (onItsWay === sending) onItsWay = null
    })
    onItsWay = sending
    return sending
  }

  const sendNow = async () => {
    unplan()
    if (content === null || sent >= changes) return
    const version = changes
    sent = version
    try {
      const { savedAt } = await parts.save(content)
      if (version <= stored) return
      stored = version
      last = { kind: 'local', at: savedAt }
    } catch (thrown) {
      last = { kind: 'refused', failure: parts.toFailure(thrown) }
      sent = Math.min(sent, version - 1)
      plan(parts.retryMs)
    }
    tell()
  }

  const change = (next: T) => {
    content = next
    changes += 1
    tell()
    plan(parts.delayMs)
  }

  return {
    change,
    late: (next) => {
      change(next)
      if (closed) void send()
    },
    flush: send,
    news: ({ state, at, failure }) => {
      last =
        state === 'refused'
          ? { kind: 'refused', failure: failure ?? { code: 'internal' } }
          : { kind: state, at }
      tell()
    },
    drop: async () => {
      unplan()
      await onItsWay
      // What failed on its way has planned another try.
      unplan()
      stored = changes
      sent = changes
    },
    close: () => {
      void send()
      closed = true
      cancel?.()
    },
  }
}
