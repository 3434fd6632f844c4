import { useState } from 'react'
import type { FigureKind } from '../measure/figure.ts'
import { useMeasured, useMeasuring } from '../measure/measure-scope.tsx'
import { figureOf, figureTools } from '../measure/tools.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import { useSay } from '../texts/index.ts'
import { Icon } from './icons.tsx'
import { Popover } from './popover.tsx'
import { IconButton } from './toolbar.tsx'

/** For these the other buttons of the mouse serve as well: in a narrow bar they are in the menu. */
const outlying = ['pan', 'zoom', 'magnify'] as const satisfies readonly LeftTool[]

/** Of the keys that the host knows, the one that chooses a tool: '' where it has none. */
export type KeyOf = (tool: LeftTool) => string

/**
 * The left button's tools: those for looking as buttons, then the measuring tool used last, and beside it all of them in a menu, so
 * that none is buried and the bar stays short. At the end undo, redo and the list of measurements.
 */
export function ToolMenu(props: {
  tool: LeftTool
  onTool(tool: LeftTool): void
  keyOf: KeyOf
  /** Makes a key image of the active pane; absent where the host takes none. */
  onKeyImage: (() => void) | null
}) {
  const say = useSay()
  const { store, listOpen, setListOpen } = useMeasuring()
  const { past, future, present } = useMeasured()
  const { tool, onTool, keyOf } = props
  const [last, setLast] = useState<FigureKind>('length')
  const figure = figureOf(tool)
  if (figure && figure !== last) setLast(figure)
  const hint = (one: LeftTool) => {
    const key = keyOf(one)
    return say(`tool.${one}.hint`) + (key ? `（${key}）` : '')
  }
  const button = (one: LeftTool, label = false) => (
    <IconButton
      key={one}
      icon={one}
      name={say(`tool.${one}`)}
      hint={hint(one)}
      label={label}
      pressed={tool === one}
      onClick={() => onTool(one)}
    />
  )
  const line = (one: LeftTool, close: () => void) => (
    <button
      key={one}
      type="button"
      className="vigil-viewer-button"
      aria-pressed={tool === one}
      title={say(`tool.${one}.hint`)}
      onClick={() => {
        onTool(one)
        close()
      }}
    >
      <Icon name={one} />
      <span>{say(`tool.${one}`)}</span>
      <kbd>{keyOf(one)}</kbd>
    </button>
  )
  return (
    <>
      <div className="vigil-viewer-group">
        {button('window', true)}
        {button('scroll', true)}
        <span className="vigil-tool-roomy">{outlying.map((one) => button(one, one !== 'magnify'))}</span>
      </div>
      <div className="vigil-viewer-group">
        {button('select')}
        {button(figure ?? last)}
        <Popover
          name={say('measure.tools')}
          hint={say('measure.tools.hint')}
          testId="measure-tools"
          label={
            <>
              <span className="vigil-viewer-button-label">{say('measure.tools')}</span>
              <Icon name="more" />
            </>
          }
        >
          {(close) => (
            <div className="vigil-measure-menu">
              {figureTools.map((one) => line(one, close))}
              <span className="vigil-tool-cramped">{outlying.map((one) => line(one, close))}</span>
            </div>
          )}
        </Popover>
        <span className="vigil-tool-roomy">
          <IconButton
            icon="undo"
            name={say('measure.undo')}
            disabled={past.length === 0}
            onClick={store.undo}
          />
          <IconButton
            icon="redo"
            name={say('measure.redo')}
            disabled={future.length === 0}
            onClick={store.redo}
          />
        </span>
        <IconButton
          icon="list"
          name={say('measure.list')}
          hint={`${say('measure.list.hint')}${present.measurements.length > 0 ? ` (${present.measurements.length})` : ''}`}
          pressed={listOpen}
          onClick={() => setListOpen(!listOpen)}
        />
        {props.onKeyImage && (
          <IconButton
            icon="camera"
            name={say('measure.key-image')}
            hint={say('measure.key-image.hint')}
            onClick={props.onKeyImage}
          />
        )}
      </div>
    </>
  )
}
