import type { ReactNode } from 'react'
import type { Preset } from '../display/presets.ts'
import { type TextKey, useSay } from '../texts/index.ts'
import { Icon, type IconName } from './icons.tsx'
import { Popover } from './popover.tsx'
import { presetLine } from './preset-name.ts'

export type Action = 'reset' | 'invert' | 'rotate' | 'flip-h' | 'flip-v' | 'play'

interface ToolbarProps {
  /** Tools and measurements, at the left end. */
  start: ReactNode
  presets: Preset[]
  /** Beside the presets: where the person edits theirs. */
  presetEditor: ReactNode
  /** The preset that the active pane's window is at, by key. */
  preset: string | null
  playable: boolean
  playing: boolean
  /** How fast it plays; null where that is not known. */
  framesPerSecond: number | null
  ready: boolean
  /** Layout, hanging and linking, at the right end. */
  end: ReactNode
  onPreset(preset: Preset): void
  onAction(action: Action): void
}

const actions: Action[] = ['reset', 'invert', 'rotate', 'flip-h', 'flip-v']

export function IconButton(props: {
  icon: IconName
  name: string
  hint?: string
  label?: boolean
  pressed?: boolean
  disabled?: boolean
  onClick(): void
}) {
  return (
    <button
      type="button"
      className="vigil-viewer-button"
      title={props.hint ?? props.name}
      aria-label={props.name}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.label && <span className="vigil-viewer-button-label">{props.name}</span>}
    </button>
  )
}

function Actions(props: { ready: boolean; label?: boolean; onAction(action: Action): void }) {
  const say = useSay()
  return actions.map((action) => (
    <IconButton
      key={action}
      icon={action as IconName}
      name={say(`action.${action}` as TextKey)}
      hint={say(`action.${action}.hint` as TextKey)}
      label={props.label ?? false}
      disabled={!props.ready}
      onClick={() => props.onAction(action)}
    />
  ))
}

export function Toolbar(props: ToolbarProps) {
  const say = useSay()
  return (
    <div className="vigil-viewer-toolbar" role="toolbar">
      {props.start}
      <select
        className="vigil-viewer-presets"
        aria-label={say('preset.choose')}
        title={say('preset.choose')}
        disabled={!props.ready}
        value={props.preset ?? ''}
        onChange={(event) => {
          const chosen = props.presets.find((preset) => preset.key === event.target.value)
          if (chosen) props.onPreset(chosen)
        }}
      >
        {props.preset === null && <option value="">{say('preset.custom')}</option>}
        {props.presets.map((preset) => (
          <option key={preset.key} value={preset.key}>
            {presetLine(preset, say)}
          </option>
        ))}
      </select>
      {props.presetEditor}
      <div className="vigil-viewer-group vigil-viewer-actions">
        <Actions ready={props.ready} onAction={props.onAction} />
      </div>
      <div className="vigil-viewer-group">
        <span className="vigil-viewer-actions-more">
          <Popover name={say('action.more')} label={<Icon name="more" />} testId="actions-menu">
            {() => <Actions label ready={props.ready} onAction={props.onAction} />}
          </Popover>
        </span>
        <IconButton
          icon={props.playing ? 'pause' : 'play'}
          name={say(props.playing ? 'action.pause' : 'action.play')}
          hint={say('action.play.hint')}
          disabled={!props.playable}
          onClick={() => props.onAction('play')}
        />
        {props.playing && props.framesPerSecond !== null && (
          <span className="vigil-viewer-rate" title={say('cine.rate.hint')}>
            {say('cine.rate', { fps: Math.round(props.framesPerSecond) })}
          </span>
        )}
      </div>
      <div className="vigil-viewer-group vigil-viewer-layouts">{props.end}</div>
    </div>
  )
}
