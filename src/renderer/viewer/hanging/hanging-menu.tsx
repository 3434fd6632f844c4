import { useState } from 'react'
import type { HangingProtocol } from '../../../shared/settings/index.ts'
import { Icon } from '../parts/icons.tsx'
import { Popover } from '../parts/popover.tsx'
import { useSay } from '../texts/index.ts'
import type { Arrangement } from './arrangement.ts'
import { rulesOf } from './match.ts'
import { ProtocolForm } from './protocol-form.tsx'
import { ProtocolList } from './protocol-list.tsx'
import type { Hanging } from './use-hanging.ts'

/** The most that a person may keep, as src/shared/settings/hanging.ts has it. */
const most = 60

interface HangingMenuProps {
  hanging: Hanging
  arrangement: Arrangement
  own: readonly HangingProtocol[]
  modalities: readonly string[]
  bodyPart: string
  /** Rejects where it was not kept. */
  onOwn(next: HangingProtocol[]): Promise<void>
}

type Page = 'choose' | 'save' | 'manage'

/** Which protocol hangs the exam; what is on the screen saved as one's own, and one's own put in order. */
export function HangingMenu(props: HangingMenuProps) {
  const say = useSay()
  const [page, setPage] = useState<Page>('choose')
  const [unkept, setUnkept] = useState(false)
  const { hanging, own } = props
  const change = (next: HangingProtocol[]) => {
    setUnkept(false)
    props.onOwn(next).catch(() => setUnkept(true))
  }
  return (
    <Popover
      // What can be read on the button is in its name, for who speaks to it.
      name={[say('hang.label'), hanging.current?.name].filter(Boolean).join(' ')}
      hint={say('hang.hint')}
      label={
        <>
          <Icon name="hang" />
          <span className="vigil-viewer-button-label vigil-viewer-hanging-name">
            {hanging.current?.name ?? say('hang.label')}
          </span>
        </>
      }
      testId="hanging-menu"
    >
      {(close) => (
        <div className="vigil-viewer-hanging" data-testid="hanging-panel">
          {page === 'choose' && (
            <>
              {hanging.fitting.length === 0 && <p>{say('hang.none')}</p>}
              <ul>
                {hanging.fitting.map((protocol) => (
                  <li key={protocol.id}>
                    <button
                      type="button"
                      className="vigil-viewer-menu-item"
                      aria-pressed={protocol.id === hanging.current?.id}
                      onClick={() => {
                        hanging.apply(protocol)
                        close()
                      }}
                    >
                      <span>{protocol.name}</span>
                      <small>
                        {say('layout.grid', { rows: protocol.rows, columns: protocol.columns })}
                        {own.includes(protocol) ? `  ${say('hang.own')}` : ''}
                      </small>
                    </button>
                  </li>
                ))}
              </ul>
              <hr />
              <button
                type="button"
                className="vigil-viewer-menu-item"
                disabled={own.length >= most}
                title={own.length >= most ? say('hang.full') : undefined}
                onClick={() => setPage('save')}
                data-testid="hanging-save"
              >
                {say('hang.save')}
              </button>
              <button
                type="button"
                className="vigil-viewer-menu-item"
                disabled={own.length === 0}
                onClick={() => setPage('manage')}
                data-testid="hanging-manage"
              >
                {say('hang.manage')}
              </button>
            </>
          )}
          {page === 'save' && (
            <ProtocolForm
              protocol={protocolOf(props)}
              onCancel={() => setPage('choose')}
              onKeep={(protocol) => {
                change([protocol, ...own])
                setPage('choose')
              }}
            />
          )}
          {page === 'manage' && <ProtocolList own={own} onChange={change} onDone={() => setPage('choose')} />}
          {unkept && (
            <p role="alert" className="vigil-viewer-unkept">
              {say('hang.not-kept')}
            </p>
          )}
        </div>
      )}
    </Popover>
  )
}

/** What is on the screen, as a protocol that would hang it again. */
function protocolOf({ hanging, arrangement, modalities, bodyPart }: HangingMenuProps): HangingProtocol {
  const panes = rulesOf(arrangement, hanging.series())
  return {
    id: crypto.randomUUID(),
    name: '',
    modalities: modalities.filter((one) => !['SR', 'PR', 'KO', 'DOC'].includes(one)).slice(0, 10),
    bodyParts: bodyPart.trim() === '' ? [] : [bodyPart.trim().slice(0, 40)],
    needsPrior: panes.some((rule) => rule !== null && rule.study > 0),
    rows: arrangement.rows,
    columns: arrangement.columns,
    panes,
  }
}
