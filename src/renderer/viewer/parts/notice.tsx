import type { ReactNode } from 'react'
import type { ImageProblem } from '../problem.ts'
import { problemKey, useSay } from '../texts/index.ts'

/** A message in the middle of a pane. */
export function Notice(props: { title: string; bad?: boolean; children?: ReactNode }) {
  return (
    <div className="vigil-viewer-notice" data-bad={props.bad ?? false} role={props.bad ? 'alert' : 'status'}>
      <strong>{props.title}</strong>
      {props.children}
    </div>
  )
}

export function ProblemNotice(props: { title: string; problem: ImageProblem; onRetry(): void }) {
  const say = useSay()
  const { problem } = props
  return (
    <Notice title={props.title} bad>
      <p>{say(problemKey(problem))}</p>
      {problem.detail && problem.code !== 'volume-impossible' && (
        <p className="vigil-viewer-detail">{problem.detail}</p>
      )}
      <button
        type="button"
        className="vigil-viewer-button vigil-viewer-button-framed"
        onClick={props.onRetry}
      >
        {say('action.retry')}
      </button>
    </Notice>
  )
}
