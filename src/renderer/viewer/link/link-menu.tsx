import type { ViewerSettings } from '../../../shared/settings/index.ts'
import { Icon } from '../parts/icons.tsx'
import { Popover } from '../parts/popover.tsx'
import { IconButton } from '../parts/toolbar.tsx'
import { useSay } from '../texts/index.ts'

const corners = ['full', 'short', 'none'] as const

/** What moves together, the crosslines, and how much the corners say. Scrolling together has a button of its own. */
export function LinkMenu(props: {
  viewer: ViewerSettings
  onViewer(next: ViewerSettings): void
  onRegister(): void
}) {
  const say = useSay()
  const { viewer, onViewer } = props
  const { linked } = viewer
  const toggle = (what: keyof typeof linked) =>
    onViewer({ ...viewer, linked: { ...linked, [what]: !linked[what] } })
  return (
    <>
      <IconButton
        icon="link"
        name={say('link.scroll')}
        hint={say('link.scroll.hint')}
        pressed={linked.scroll}
        onClick={() => toggle('scroll')}
      />
      <Popover name={say('link.label')} label={<Icon name="more" />} testId="link-menu">
        {() => (
          <div className="vigil-viewer-links">
            {(['scroll', 'window', 'zoom'] as const).map((what) => (
              <Check
                key={what}
                name={say(`link.${what}`)}
                checked={linked[what]}
                onChange={() => toggle(what)}
              />
            ))}
            <Check
              name={say('link.crosslines')}
              checked={viewer.crosslines}
              onChange={() => onViewer({ ...viewer, crosslines: !viewer.crosslines })}
            />
            <button type="button" className="vigil-viewer-menu-item" onClick={props.onRegister}>
              {say('link.register')}
            </button>
            <hr />
            <label className="vigil-viewer-choice">
              {say('link.corner')}
              <select
                className="vigil-viewer-presets"
                value={viewer.cornerText}
                onChange={(event) =>
                  onViewer({ ...viewer, cornerText: event.target.value as ViewerSettings['cornerText'] })
                }
              >
                {corners.map((one) => (
                  <option key={one} value={one}>
                    {say(`link.corner.${one}`)}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
      </Popover>
    </>
  )
}

function Check(props: { name: string; checked: boolean; onChange(): void }) {
  return (
    <label className="vigil-viewer-check vigil-viewer-menu-item">
      <span>{props.name}</span>
      <input type="checkbox" checked={props.checked} onChange={props.onChange} />
    </label>
  )
}
