import type { ReactNode } from 'react'

/** A sentence to the person at the entry: `bad` refused something, `info` explains. */
export function EntryMessage(props: { kind: 'bad' | 'info'; code?: string; children: ReactNode }) {
  return (
    <div
      className={`entry-message entry-message-${props.kind}`}
      role={props.kind === 'bad' ? 'alert' : 'status'}
      data-testid={`entry-${props.kind}`}
      data-code={props.code}
    >
      {props.children}
    </div>
  )
}
