import { type ReactNode, useId, useRef } from 'react'

/** A button that opens a panel in the top layer: nothing clips it, Escape and a click elsewhere close it. */
export function Popover(props: {
  label: ReactNode
  name: string
  hint?: string
  disabled?: boolean
  testId?: string
  children: (close: () => void) => ReactNode
}) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    panel.current?.hidePopover()
    button.current?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="vigil-viewer-button"
        popoverTarget={id}
        title={props.hint ?? props.name}
        aria-label={props.name}
        aria-haspopup="true"
        disabled={props.disabled}
        data-testid={props.testId}
      >
        {props.label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="vigil-viewer-popover"
        onToggle={(event) => {
          if ((event.nativeEvent as ToggleEvent).newState !== 'open') return
          const first = ['[data-autofocus]', 'button, input, select'].map((one) =>
            panel.current?.querySelector<HTMLElement>(one),
          )
          first.find((one) => one)?.focus()
        }}
      >
        {props.children(close)}
      </div>
    </>
  )
}
