import { type Arrangement, paneCount } from '../hanging/arrangement.ts'
import { useSay } from '../texts/index.ts'
import { LayoutMenu } from './layout-menu.tsx'
import { IconButton } from './toolbar.tsx'

const usual = [
  { name: '1x1', rows: 1, columns: 1 },
  { name: '1x2', rows: 1, columns: 2 },
  { name: '2x2', rows: 2, columns: 2 },
] as const

/** The layouts used most on a button each, all others in a menu; one pane alone and back. */
export function LayoutButtons(props: {
  arrangement: Arrangement
  onGrid(rows: number, columns: number): void
  onMaximise(): void
}) {
  const say = useSay()
  const { rows, columns, maximised } = props.arrangement
  return (
    <>
      <LayoutMenu arrangement={props.arrangement} onGrid={props.onGrid} />
      <IconButton
        icon="maximise"
        name={say(maximised ? 'layout.restore' : 'layout.maximise')}
        hint={say('layout.maximise.hint')}
        pressed={maximised}
        disabled={paneCount(props.arrangement) === 1}
        onClick={props.onMaximise}
      />
      <span className="vigil-viewer-group vigil-viewer-usual">
        {usual.map((one) => (
          <IconButton
            key={one.name}
            icon={one.name}
            name={say(`layout.${one.name}`)}
            pressed={one.rows === rows && one.columns === columns}
            onClick={() => props.onGrid(one.rows, one.columns)}
          />
        ))}
      </span>
    </>
  )
}
