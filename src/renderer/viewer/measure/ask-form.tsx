import { useEffect, useRef, useState } from 'react'
import type { Measurement } from '../../../shared/measurement/index.ts'
import { useSay } from '../texts/index.ts'
import { distance, type Point } from './geometry.ts'
import { useMeasuring } from './measure-scope.tsx'
import { calibratedSpacing, type ImageScale } from './scale.ts'
import type { Asking } from './use-drawing.ts'

/** Millimetres as a person types them; null where it is no length that an image could show. */
export function millimetresOf(text: string): number | null {
  const value = Number(
    text
      .trim()
      .replace(/\s*(mm|毫米)$/i, '')
      .replace(/[，,]/, '.'),
  )
  return value >= 0.1 && value <= 2000 ? value : null
}

const size = { width: 270, height: 40 }

/** Asks at its place for the text of an arrow, or for the true length of a line. Enter takes it, Escape lets it be. */
export function AskForm(props: {
  asking: Asking
  at: Point
  pane: { width: number; height: number }
  scale: ImageScale
  onDone(): void
}) {
  const say = useSay()
  const { store } = useMeasuring()
  const { asking, at, pane, scale } = props
  const { draft, kept } = asking
  const [text, setText] = useState(draft.label)
  const [wrong, setWrong] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const millimetres = asking.kind === 'millimetres'

  const take = () => {
    if (millimetres) {
      const known = millimetresOf(text)
      if (known === null) return setWrong(true)
      const spacing = calibratedSpacing(scale, distance(draft.points[0]!, draft.points[1]!, scale), known)
      store.calibrate(draft, spacing, { ...spacing, unit: 'mm' })
    } else {
      const label = text.trim().slice(0, 200)
      const whole = { ...(draft as Measurement), label }
      if (kept) {
        if (label !== draft.label) store.replace(whole)
      } else if (label || whole.kind === 'arrow') store.add(whole)
    }
    props.onDone()
  }
  /** What was drawn stays without a text, unless the text is all there is to it. */
  const leave = () => {
    if (!kept && draft.kind === 'arrow') store.add({ ...(draft as Measurement), label: '' })
    props.onDone()
  }

  return (
    <form
      className="vigil-measure-ask"
      style={{
        left: Math.max(4, Math.min(at[0] + 12, pane.width - size.width - 4)),
        top: Math.max(4, Math.min(at[1] + 12, pane.height - size.height - 4)),
      }}
      onSubmit={(event) => {
        event.preventDefault()
        take()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.stopPropagation()
        leave()
      }}
    >
      <label>
        {millimetres && <span>{say('measure.calibrate.ask')}</span>}
        <input
          ref={input}
          value={text}
          maxLength={millimetres ? 12 : 200}
          inputMode={millimetres ? 'decimal' : 'text'}
          aria-label={say(millimetres ? 'measure.calibrate.ask' : 'measure.label')}
          aria-invalid={wrong}
          placeholder={millimetres ? 'mm' : say('measure.label.placeholder')}
          onChange={(event) => {
            setText(event.target.value)
            setWrong(false)
          }}
        />
      </label>
      <button type="submit" className="vigil-viewer-button">
        {say('measure.ok')}
      </button>
      {wrong && <p role="alert">{say('measure.calibrate.invalid')}</p>}
    </form>
  )
}
