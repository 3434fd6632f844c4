import { useRef } from 'react'
import { useAction } from '../../keys/keys-provider.tsx'
import type { Arrangement } from '../hanging/arrangement.ts'
import { Icon } from '../parts/icons.tsx'
import { useSay } from '../texts/index.ts'
import { threePlanes } from './three-planes.ts'

/** The active pane's series in its three planes; again, the panes are as they were. */
export function VolumeButton(props: { arrangement: Arrangement; onArrange(next: Arrangement): void }) {
  const say = useSay()
  const { arrangement, onArrange } = props
  const before = useRef<Arrangement | null>(null)
  const showing = arrangement.panes[arrangement.active] ?? null
  const isOn = showing !== null && showing.as !== 'stack'
  const toggle = () => {
    if (!showing) return
    if (isOn) {
      const back = before.current ?? {
        rows: 1,
        columns: 1,
        panes: [{ set: showing.set, as: 'stack' as const }],
      }
      onArrange({ active: 0, maximised: false, ...back })
      before.current = null
    } else {
      before.current = arrangement
      onArrange(threePlanes(showing.set))
    }
  }
  useAction('volume.planes', toggle, showing !== null)
  return (
    <button
      type="button"
      className="vigil-viewer-button"
      aria-pressed={isOn}
      disabled={showing === null}
      title={say('volume.mpr.hint')}
      aria-label={say('volume.mpr')}
      data-testid="volume-planes"
      onClick={toggle}
    >
      <Icon name="planes" />
      <span className="vigil-viewer-button-label">{say('volume.mpr')}</span>
    </button>
  )
}
