import { useEffect, useRef } from 'react'
import type { CriticalLevel } from '../../../shared/critical/model.ts'
import { useBridge, useClock } from '../../bridge/index.ts'
import { oneSound, type Response } from './response.ts'
import { play, tonesOf } from './tones.ts'

/** As long as the longest signal: within it another of the same level, or of a lower one, adds nothing. */
const signalMs = 1_500
/** How long a single flash stays. */
const onceMs = 2_000
const levels: readonly CriticalLevel[] = ['red', 'orange', 'yellow']

/** Rings and flashes. The flash ends when the window is used, or when nothing is left that calls. */
export function useCallOut(calls: boolean): (responses: readonly Response[]) => void {
  const bridge = useBridge()
  const clock = useClock()
  const ringing = useRef<{ level: CriticalLevel; until: number } | null>(null)
  const flashing = useRef<'until-seen' | ReturnType<typeof setTimeout> | null>(null)

  const calm = () => {
    if (flashing.current === null) return
    if (flashing.current !== 'until-seen') clearTimeout(flashing.current)
    flashing.current = null
    void bridge.workstationAttention({ on: false })
  }
  const flash = (how: Response['flash']) => {
    if (flashing.current === 'until-seen') return
    if (flashing.current === null) void bridge.workstationAttention({ on: true })
    else clearTimeout(flashing.current)
    flashing.current = how === 'once' ? setTimeout(calm, onceMs) : how
  }
  const latest = useRef(calm)
  latest.current = calm

  useEffect(() => {
    const onFocus = () => latest.current()
    window.addEventListener('focus', onFocus)
    return () => {
      window.removeEventListener('focus', onFocus)
      latest.current()
    }
  }, [])
  useEffect(() => {
    if (!calls) latest.current()
  }, [calls])

  return (responses) => {
    const sound = oneSound(responses)
    const now = clock()
    const since = ringing.current
    const covered =
      since !== null && now < since.until && sound !== null && rank(since.level) <= rank(sound.level)
    if (sound && !covered) {
      ringing.current = { level: sound.level, until: now + signalMs }
      play(tonesOf(sound.level, sound.soft), () => new AudioContext())
    }
    // A window in use needs no calling.
    if (responses.length === 0 || document.hasFocus()) return
    flash(responses.some((response) => response.flash === 'until-seen') ? 'until-seen' : 'once')
  }
}

function rank(level: CriticalLevel): number {
  return levels.indexOf(level)
}
