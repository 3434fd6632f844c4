import { Segmented } from 'antd'
import type { ReactNode } from 'react'
import './parted-screen.css'

interface PartedScreenProps<Part extends string> {
  label: string
  parts: readonly { value: Part; label: string }[]
  part: Part
  onPart: (part: Part) => void
  children: ReactNode
  testId: string
}

/** A screen of several parts, of which one is shown. */
export function PartedScreen<Part extends string>(props: PartedScreenProps<Part>) {
  return (
    <div className="parted" data-testid={props.testId}>
      <Segmented
        className="parted-choice"
        value={props.part}
        onChange={props.onPart}
        options={[...props.parts]}
        aria-label={props.label}
        data-testid={`${props.testId}-part`}
      />
      <div className="parted-shown">{props.children}</div>
    </div>
  )
}

/** A part that is a page of sections. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="parted-page">{children}</div>
}

export function Section(props: { title: string; actions?: ReactNode; children: ReactNode; testId?: string }) {
  return (
    <section className="parted-section" aria-label={props.title} data-testid={props.testId}>
      <div className="parted-head">
        <h2>{props.title}</h2>
        {props.actions}
      </div>
      {props.children}
    </section>
  )
}
