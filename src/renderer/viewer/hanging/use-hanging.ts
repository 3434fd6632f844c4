import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Order } from '../../../shared/order/index.ts'
import type { HangingProtocol } from '../../../shared/settings/index.ts'
import type { PriorSummary } from '../parts/series-strip.tsx'
import type { ViewerSession } from '../session.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { ViewerMemory } from '../viewer-memory.ts'
import { type Arrangement, oneUp, withGrid } from './arrangement.ts'
import { deliveredProtocols } from './delivered.ts'
import { examFacts, seriesFacts } from './facts.ts'
import { bestProtocol, fittingProtocols, hang, type SeriesFacts, sameShowing } from './match.ts'
import { presetWindow } from './preset-window.ts'

export interface Hanging {
  /** Those that fit the exam, best first. */
  fitting: readonly HangingProtocol[]
  /** The protocol that the panes follow, or followed before they were changed by hand. */
  current: HangingProtocol | null
  apply(protocol: HangingProtocol): void
  /** The next one that fits, or the one before, around. */
  next(by: 1 | -1): void
  /** The series as rules see them, for saving what is on the screen. */
  series(): SeriesFacts[]
}

interface Hung {
  protocol: HangingProtocol
  /** The person chose it; otherwise a better one may still take its place as more comes to be known. */
  chosen: boolean
}

/**
 * Lays the exam out by protocol when it opens and follows what comes to be known (attributes, priors) until the person changes
 * something; from then on the panes are theirs.
 */
export function useHanging(deps: {
  session: ViewerSession
  order: Order | null
  priors: readonly PriorSummary[]
  own: readonly HangingProtocol[]
  memory: ViewerMemory
  revision: number
  arrangement: Arrangement
  setArrangement(change: (before: Arrangement) => Arrangement): void
  views: readonly (ImageView | null)[]
  /** False: nothing is laid out by itself. */
  hangs: boolean
}): Hanging & { touched(): void } {
  const { session, order, priors, own, memory, revision, setArrangement, views } = deps
  const open = useMemo(() => priors.filter((prior) => !prior.masked), [priors])
  const ranks = useMemo(
    () => [session.study.studyInstanceUid, ...open.map((prior) => prior.studyInstanceUid)],
    [session, open],
  )
  const fitting = useMemo(
    () => fittingProtocols(own, deliveredProtocols, examFacts(session, order, open.length)),
    [own, session, order, open],
  )
  const mine = useMemo(() => new Set(own.map((protocol) => protocol.id)), [own])
  // An exam that is come back to is as it was left.
  const [hung, setHung] = useState<Hung | null>(null)
  const following = useRef(deps.hangs && memory.arrangement === null)

  // `revision` stands for what the session knows of its series.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!following.current) return
    const facts = seriesFacts(session, ranks)
    const protocol = hung?.chosen ? hung.protocol : bestProtocol(fitting, mine, facts)
    if (!protocol) return
    if (protocol !== hung?.protocol) setHung({ protocol, chosen: false })
    for (const study of studiesOf(protocol)) {
      const uid = ranks[study]
      if (uid !== undefined && !session.compareProblem(uid)) session.compare(uid).catch(() => {})
    }
    const next = hang(protocol, facts)
    setArrangement((before) =>
      sameShowing(before, next)
        ? before
        : {
            ...next,
            active: Math.min(before.active, next.rows * next.columns - 1),
            maximised: before.maximised,
          },
    )
  }, [session, ranks, fitting, mine, hung, revision, setArrangement])

  const viewsNow = useRef(views)
  viewsNow.current = views
  const arrangementNow = useRef(deps.arrangement)
  arrangementNow.current = deps.arrangement

  const apply = useCallback(
    (protocol: HangingProtocol) => {
      following.current = true
      memory.places.clear()
      // What stays in its pane takes the protocol's window where it is.
      const next = hang(protocol, seriesFacts(session, ranks))
      next.panes.forEach((showing, i) => {
        const before = arrangementNow.current.panes[i]
        const view = viewsNow.current[i]
        if (!showing || !view || before?.set !== showing.set || before.as !== showing.as) return
        const window = presetWindow(view.values()?.modality ?? '', showing.preset ?? null)
        if (window) view.setWindow(window.centre, window.width)
        else view.reset()
      })
      setArrangement(() => next)
      setHung({ protocol, chosen: true })
    },
    [memory, session, ranks, setArrangement],
  )

  const touched = useCallback(() => {
    following.current = false
  }, [])

  return {
    fitting,
    current: hung?.protocol ?? null,
    apply,
    next(by) {
      if (fitting.length === 0) return
      const at = fitting.findIndex((protocol) => protocol.id === hung?.protocol.id)
      const next = fitting[(at + by + fitting.length) % fitting.length]
      if (next) apply(next)
    },
    series: () => seriesFacts(session, ranks),
    touched,
  }
}

function studiesOf(protocol: HangingProtocol): number[] {
  return [...new Set(protocol.panes.flatMap((rule) => (rule && rule.study > 0 ? [rule.study] : [])))]
}

/** What is on the screen before anything is known. */
export function firstArrangement(setIds: readonly string[]): Arrangement {
  return withGrid(oneUp, 1, 1, setIds)
}
