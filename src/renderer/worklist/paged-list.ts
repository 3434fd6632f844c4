import type { WorklistPage, WorklistQuery } from '../../shared/api/worklist.ts'
import type { WorklistFilter, WorklistSort } from '../../shared/worklist/index.ts'
import { covers, newKeys, type Pages, received, stretchOf } from './pages.ts'
import { rowKey } from './reading-order.ts'

export interface ListQuestion {
  filter: WorklistFilter
  sort: WorklistSort | null
}

export interface PagedState {
  /** Null until the first answer. */
  pages: Pages | null
  /** What the pages answer. */
  answers: ListQuestion | null
  /** The pages answer an earlier question; the next answer is on its way. */
  stale: boolean
  /** Why the last call failed; the pages of the one before stay. */
  failure: unknown
  /** Rows that have just been added, to be marked for a while. */
  fresh: ReadonlySet<string>
}

/** How long a new row stays marked, in ms. */
const freshFor = 6_000

interface PagedListParts {
  fetch: (query: WorklistQuery) => Promise<WorklistPage>
  /** Calls back after so many ms. */
  after: (ms: number, call: () => void) => void
}

export type PagedList = ReturnType<typeof createPagedList>

/**
 * A list at the gateway of which only what is looked at is fetched. One call at a time for a question: what is scrolled past
 * meanwhile is never asked for. A change elsewhere is fetched behind the pages that are shown, and takes their place whole.
 */
export function createPagedList({ fetch, after }: PagedListParts) {
  let state: PagedState = { pages: null, answers: null, stale: true, failure: null, fresh: new Set() }
  let question: ListQuestion | null = null
  let view = { first: 0, end: 50 }
  let outdated = true
  /** Of the question: an answer to another one comes too late. */
  let asked = 0
  let busy = 0
  const seen = new Set<string>()
  const listeners = new Set<() => void>()

  const set = (change: Partial<PagedState>) => {
    state = { ...state, ...change }
    for (const listen of listeners) listen()
  }

  function receive(answer: WorklistPage) {
    const before = state.stale ? null : state.pages
    const added = before ? newKeys(before, answer, seen) : []
    if (!before) seen.clear()
    for (const row of answer.rows) seen.add(rowKey(row))
    const fresh = added.length > 0 ? new Set([...state.fresh, ...added]) : state.fresh
    set({ pages: received(before, answer), answers: question, stale: false, failure: null, fresh })
    if (added.length > 0) {
      after(freshFor, () => set({ fresh: new Set([...state.fresh].filter((key) => !added.includes(key))) }))
    }
  }

  const wanting = () =>
    question !== null &&
    (outdated || state.stale || !state.pages || !covers(state.pages, view.first, view.end))

  async function fill(): Promise<void> {
    const turn = asked
    if (busy === turn || !question || !wanting()) return
    busy = turn
    outdated = false
    const looked = view
    let failed = false
    try {
      const answer = await fetch({ ...question, ...stretchOf(view.first, view.end) })
      if (turn !== asked) return
      // The list may have shrunk below what is looked at: the view moves, and asks again.
      if (answer.rows.length === 0 && answer.total > 0 && answer.offset >= answer.total) {
        view = { first: Math.max(0, answer.total - (view.end - view.first)), end: answer.total }
        outdated = true
      } else receive(answer)
    } catch (failure) {
      failed = true
      if (turn === asked) set({ failure })
    } finally {
      if (busy === turn) busy = -1
    }
    // What failed, or came short, is tried again when somebody looks elsewhere, or something changes.
    if (!failed && (outdated || view !== looked || turn !== asked)) void fill()
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    state: () => state,
    /** Another filter or order; what is shown stays, marked as stale, until the answer. */
    ask(next: ListQuestion) {
      if (JSON.stringify(next) === JSON.stringify(question)) return
      question = next
      asked += 1
      view = { first: 0, end: view.end - view.first }
      set({ stale: true, fresh: new Set() })
      void fill()
    },
    /** What is on the screen: `first` inclusive, `end` exclusive. */
    look(first: number, end: number) {
      view = { first, end }
      void fill()
    },
    /** Something has changed at the gateway, or is to be tried again. */
    refresh() {
      outdated = true
      void fill()
    },
  }
}
