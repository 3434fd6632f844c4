import { useEffect, useRef } from 'react'
import type { ImageView } from '../stage/image-view.ts'
import { changesOf, follow, followedOf, type Linked } from './follow.ts'
import type { WindowLink } from './message.ts'
import type { Registrations } from './registration.ts'

/** The other panes, and the other window's, follow the active one. What follows leads nobody. */
export function useLinking(deps: {
  views: readonly (ImageView | null)[]
  active: number
  linked: Linked
  registrations: Registrations
  windows: WindowLink | null
}): void {
  const { views, active, linked, registrations, windows } = deps
  // The window that was touched last leads. The other only follows: an echo of an older move would pull back the newer one.
  const leading = useRef(true)

  useEffect(() => {
    if (!windows) return
    const lead = () => {
      leading.current = true
    }
    const end = new AbortController()
    for (const kind of ['pointerdown', 'wheel', 'keydown'])
      window.addEventListener(kind, lead, { capture: true, passive: true, signal: end.signal })
    return () => end.abort()
  }, [windows])

  const wasLinked = useRef(linked.scroll)
  useEffect(() => {
    // Switched on, the slices shown correspond from now on.
    if (linked.scroll && !wasLinked.current) registrations.clear()
    wasLinked.current = linked.scroll
  }, [linked.scroll, registrations])

  useEffect(() => {
    const leader = views[active]
    if (!leader) return
    const others = views.filter((view): view is ImageView => view !== null && view !== leader)
    const register = () => {
      const plane = leader.plane()
      if (!linked.scroll || !plane) return
      for (const view of others) {
        const own = view.plane()
        // The first look fixes what corresponds, before either has moved.
        if (own) registrations.carry(plane, own)
      }
    }
    register()
    const unsubscribe = others.map((view) => view.subscribe(register))
    let before = followedOf(leader)
    const onChange = () => {
      const changes = changesOf(leader, before, linked)
      const now = followedOf(leader)
      // While nothing is on the screen there is nothing to follow, and nothing to forget.
      if (now.place === '' && before.place !== '') return
      before = now
      for (const change of changes) {
        for (const view of others) follow(view, change, registrations)
        if (leading.current) windows?.send(change)
      }
    }
    unsubscribe.push(leader.subscribe(onChange))
    return () => {
      for (const end of unsubscribe) end()
    }
  }, [views, active, linked, registrations, windows])

  useEffect(() => {
    if (!windows) return
    return windows.listen((message) => {
      if (message.kind !== 'plane' && message.kind !== 'window' && message.kind !== 'zoom') return
      leading.current = false
      const wanted = { plane: linked.scroll, window: linked.window, zoom: linked.zoom }[message.kind]
      if (!wanted) return
      for (const view of views) if (view) follow(view, message, registrations)
    })
  }, [views, linked, registrations, windows])
}
