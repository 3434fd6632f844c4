import { useState } from 'react'
import type { HangingProtocol } from '../../../shared/settings/index.ts'
import { useSay } from '../texts/index.ts'
import { ProtocolForm } from './protocol-form.tsx'

/** The person's own protocols: their order is the order in which they are tried. */
export function ProtocolList(props: {
  own: readonly HangingProtocol[]
  onChange(next: HangingProtocol[]): void
  onDone(): void
}) {
  const say = useSay()
  const [edited, setEdited] = useState<HangingProtocol | null>(null)
  const { own } = props
  if (edited)
    return (
      <ProtocolForm
        protocol={edited}
        onCancel={() => setEdited(null)}
        onKeep={(next) => {
          props.onChange(own.map((one) => (one.id === next.id ? next : one)))
          setEdited(null)
        }}
      />
    )
  return (
    <>
      <ul>
        {own.map((protocol, i) => (
          <li key={protocol.id} className="vigil-viewer-own">
            <button type="button" className="vigil-viewer-menu-item" onClick={() => setEdited(protocol)}>
              <span>{protocol.name}</span>
              <small>{protocol.modalities.join('/') || say('hang.any')}</small>
            </button>
            <Small
              name={say('hang.up')}
              sign="↑"
              disabled={i === 0}
              onClick={() => props.onChange(swapped(own, i - 1))}
            />
            <Small
              name={say('hang.down')}
              sign="↓"
              disabled={i === own.length - 1}
              onClick={() => props.onChange(swapped(own, i))}
            />
            <Small
              name={say('hang.remove')}
              sign="×"
              onClick={() => props.onChange(own.filter((one) => one.id !== protocol.id))}
            />
          </li>
        ))}
      </ul>
      <div className="vigil-viewer-form-ends">
        <button
          type="button"
          className="vigil-viewer-button vigil-viewer-button-framed"
          onClick={props.onDone}
        >
          {say('hang.done')}
        </button>
      </div>
    </>
  )
}

function Small(props: { name: string; sign: string; disabled?: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      className="vigil-viewer-button"
      aria-label={props.name}
      title={props.name}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.sign}
    </button>
  )
}

/** With the ith and the one after it in each other's place. */
export function swapped<T>(list: readonly T[], i: number): T[] {
  const next = [...list]
  const [a, b] = [next[i], next[i + 1]]
  if (a !== undefined && b !== undefined) next.splice(i, 2, b, a)
  return next
}
