import type { ReactNode } from 'react'
import type { Preset } from '../display/presets.ts'
import { type TextKey, useSay } from '../texts/index.ts'
import { Icon, type IconName } from './icons.tsx'
import { presetName } from './preset-name.ts'

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
            {`${preset.key}  ${presetName(preset, say)}  ${Math.round(preset.width)}/${Math.round(preset.centre)}`}
          </option>
        ))}
      </select>
      {props.presetEditor}
      <div className="vigil-viewer-group">
        {actions.map((action) => (
          <IconButton
            key={action}
            icon={action as IconName}
            name={say(`action.${action}` as TextKey)}
            hint={say(`action.${action}.hint` as TextKey)}
            disabled={!props.ready}
            onClick={() => props.onAction(action)}
          />
        ))}
        <IconButton
          icon={props.playing ? 'pause' : 'play'}
          name={say(props.playing ? 'action.pause' : 'action.play')}
          hint={say('action.play.hint')}
          disabled={!props.playable}
          onClick={() => props.onAction('play')}
        />
      </div>
      <div className="vigil-viewer-group vigil-viewer-layouts">{props.end}</div>
    </div>
  )
}
