import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ActionId, chordsOf } from './actions.ts'
import { chordOf, chordText } from './chord.ts'
import {
  asDelivered,
  type Bindings,
  isKept,
  judge,
  mostChords,
  swapped,
  type Verdict,
  withChord,
  withoutChord,
} from './rebind.ts'

interface KeyRowProps {
  id: ActionId
  /** What an action does, in words. */
  does: (id: ActionId) => string
  own: Bindings
  onOwn: (own: Bindings) => void
}

/** Which of its keys is being replaced, by place (null: one is added), and what was pressed for it. */
interface Capture {
  at: number | null
  pressed: string | null
  verdict: Verdict | null
}

/** One action and its keys. Click or Enter on a key waits for another; Delete takes it off, Esc leaves it. */
export function KeyRow({ id, does, own, onOwn }: KeyRowProps) {
  const { t } = useTranslation()
  const row = useRef<HTMLLIElement>(null)
  const [capture, setCapture] = useState<Capture | null>(null)
  const chords = chordsOf(id, own)
  const kept = isKept(id)
  const before = capture?.at === null || capture === null ? null : (chords[capture.at] ?? null)

  const begin = (at: number | null) => setCapture({ at, pressed: null, verdict: null })
  const end = () => {
    setCapture(null)
    // What had the focus may have gone with what was asked.
    setTimeout(() => {
      if (!row.current?.contains(document.activeElement)) row.current?.querySelector('button')?.focus()
    })
  }
  const take = (next: Bindings) => {
    onOwn(next)
    end()
  }
  // What is taken here goes no further: an Esc would close the sheet.
  const onKeyDown = (event: KeyboardEvent) => {
    if (!capture || capture.verdict?.kind === 'taken') {
      if (capture && event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        end()
      }
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat) return
    if (event.key === 'Escape' && !event.ctrlKey && !event.altKey) return end()
    if (['Delete', 'Backspace'].includes(event.key) && before !== null && !event.ctrlKey && !event.altKey) {
      return take(withoutChord(own, id, before))
    }
    const chord = chordOf(event.nativeEvent)
    if (chord === null) return
    const verdict = judge(id, chord, own)
    if (verdict.kind === 'same') return end()
    if (verdict.kind === 'free') return take(withChord(own, id, before, chord))
    setCapture({ ...capture, pressed: chord, verdict })
  }

  return (
    <li ref={row} className="key-row" data-testid={`key-${id}`}>
      <span className="key-does">{does(id)}</span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside have the focus; what they do not take comes here */}
      <span className="key-chords" onKeyDown={onKeyDown}>
        {chords.map((chord, at) =>
          kept ? (
            <kbd key={chord} className="key-chord key-kept" title={t('keys.kept')}>
              {chordText(chord)}
            </kbd>
          ) : (
            <button
              // By place: a changed key keeps the focus.
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is
              key={at}
              type="button"
              className="key-chord"
              aria-pressed={capture?.at === at}
              aria-label={t('keys.change', { does: does(id), key: chordText(chord) })}
              onClick={() => begin(at)}
              onBlur={() => capture?.at === at && capture.verdict?.kind !== 'taken' && end()}
            >
              {capture?.at === at ? t('keys.press') : chordText(chord)}
            </button>
          ),
        )}
        {!kept && chords.length < mostChords && (
          <button
            type="button"
            className="key-chord key-add"
            aria-pressed={capture?.at === null && capture !== null}
            aria-label={t('keys.add', { does: does(id) })}
            title={t('keys.add', { does: does(id) })}
            onClick={() => begin(null)}
            onBlur={() => capture?.at === null && capture.verdict?.kind !== 'taken' && end()}
          >
            {capture !== null && capture.at === null ? t('keys.press') : '+'}
          </button>
        )}
        {!kept && own[id] !== undefined && (
          <button
            type="button"
            className="key-chord key-add"
            onClick={() => onOwn(asDelivered(own, id))}
            aria-label={t('keys.reset', { does: does(id) })}
            title={t('keys.reset', { does: does(id) })}
          >
            ↺
          </button>
        )}
        {capture?.pressed && capture.verdict && (
          <span className="key-conflict" role="alert" data-testid="key-conflict">
            {capture.verdict.kind === 'reserved' && t('keys.reserved', { key: chordText(capture.pressed) })}
            {capture.verdict.kind === 'fixed' &&
              t('keys.fixed', { key: chordText(capture.pressed), by: does(capture.verdict.by) })}
            {capture.verdict.kind === 'taken' && (
              <Taken
                {...{ id, does, own, chord: capture.pressed, before, by: capture.verdict.by }}
                onSwap={take}
                onLeave={end}
              />
            )}
          </span>
        )}
      </span>
    </li>
  )
}

function Taken(props: {
  id: ActionId
  does: (id: ActionId) => string
  own: Bindings
  chord: string
  before: string | null
  by: ActionId
  onSwap: (own: Bindings) => void
  onLeave: () => void
}) {
  const { t } = useTranslation()
  const { id, chord, before, by } = props
  return (
    <>
      {t('keys.taken', { key: chordText(chord), by: props.does(by) })}
      <button
        type="button"
        className="key-chord"
        // biome-ignore lint/a11y/noAutofocus: the answer to what was just pressed
        autoFocus
        onClick={() => props.onSwap(swapped(props.own, { id, before, chord, by }))}
        data-testid="key-swap"
      >
        {t(before === null ? 'keys.takeIt' : 'keys.swap')}
      </button>
      <button type="button" className="key-chord" onClick={props.onLeave}>
        {t('app.cancel')}
      </button>
    </>
  )
}
