import { type PointerEvent, useRef } from 'react'
import { useSay } from '../texts/index.ts'

/** Runs of loaded images as fractions of the bar. */
export function loadedRuns(loaded: boolean[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  loaded.forEach((there, i) => {
    if (!there) return
    const last = runs.at(-1)
    if (last && last.to === i) last.to = i + 1
    else runs.push({ from: i, to: i + 1 })
  })
  return runs.map(({ from, to }) => ({ from: from / loaded.length, to: to / loaded.length }))
}

export function StackScrollbar(props: {
  controls: string
  index: number
  loaded: boolean[]
  onShow(index: number): void
}) {
  const say = useSay()
  const bar = useRef<HTMLDivElement>(null)
  const count = props.loaded.length
  const follow = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect()
    if (!box || event.buttons !== 1) return
    const at = Math.floor(((event.clientY - box.top) / box.height) * count)
    props.onShow(Math.max(0, Math.min(count - 1, at)))
  }
  const thumb = Math.max(1 / count, 0.03)
  const top = count > 1 ? (props.index / (count - 1)) * (1 - thumb) : 0
  return (
    <div
      ref={bar}
      className="vigil-viewer-scrollbar"
      role="scrollbar"
      aria-label={say('pane.scroll')}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={props.index + 1}
      aria-controls={props.controls}
      tabIndex={-1}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={follow}
    >
      {loadedRuns(props.loaded).map(({ from, to }) => (
        <span
          key={from}
          className="vigil-viewer-scrollbar-loaded"
          style={{ top: `${from * 100}%`, height: `${(to - from) * 100}%` }}
        />
      ))}
      <span
        className="vigil-viewer-scrollbar-thumb"
        style={{ top: `${top * 100}%`, height: `${thumb * 100}%` }}
      />
    </div>
  )
}
