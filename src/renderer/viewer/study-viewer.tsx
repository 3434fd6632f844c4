import { type Ref, useEffect, useMemo, useState } from 'react'
import type { Order } from '../../shared/order/index.ts'
import type { Study } from '../../shared/study/index.ts'
import type { ViewerControl } from './control.ts'
import type { WindowLink } from './link/message.ts'
import type { MeasureHost } from './measure/host.ts'
import { MeasureScope } from './measure/measure-scope.tsx'
import { Notice } from './parts/notice.tsx'
import type { PriorSummary } from './parts/series-strip.tsx'
import { deliveredPreferences, type ViewerPreferences } from './parts/viewer-preferences.ts'
import { Workbench } from './parts/workbench.tsx'
import { engine, enter, leave } from './runtime.ts'
import { createViewerSession, type ImageSource, type ViewerFailure, type ViewerSession } from './session.ts'
import { SayContext, sayIn, type ViewerLanguage } from './texts/index.ts'
import { createViewerMemory, type ViewerMemory } from './viewer-memory.ts'
import './viewer.css'

export interface StudyViewerProps extends MeasureHost {
  study: Study
  order: Order | null
  source: ImageSource
  language?: ViewerLanguage
  /** The patient's other exams, the likeliest comparison first; they are opened when asked for. */
  priors?: readonly PriorSummary[]
  /** The exam is laid out by hanging protocol when it opens. */
  hangs?: boolean
  /** The way to the window on another screen. */
  windows?: WindowLink | null
  preferences?: ViewerPreferences
  /** How the exam was left, where the host kept it. */
  memory?: ViewerMemory
  /** For the host: scrolling while the report has the focus, and showing the image that it names. */
  control?: Ref<ViewerControl>
  onFailure?: (failure: ViewerFailure) => void
}

const noPriors: readonly PriorSummary[] = []

type Stage =
  | { kind: 'starting' }
  | { kind: 'failed' }
  | { kind: 'released' }
  | { kind: 'ready'; session: ViewerSession }

/** Shows one study. Fills its parent, which must have a size. Keys work while the focus is inside. */
export function StudyViewer(props: StudyViewerProps) {
  const { study, source, onFailure } = props
  const [stage, setStage] = useState<Stage>({ kind: 'starting' })
  const [attempt, setAttempt] = useState(0)
  const [ownMemory] = useState(createViewerMemory)
  const { onInsertText, onKeyImage, onStoreMeasurements } = props
  const host = useMemo(
    () => ({ onInsertText, onKeyImage, onStoreMeasurements }),
    [onInsertText, onKeyImage, onStoreMeasurements],
  )
  const memory = props.memory ?? ownMemory
  const say = sayIn(props.language ?? 'zh-CN')

  // The session belongs to the study and its source; a new object for the same study, or a new callback, keeps it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let over = false
    let session: ViewerSession | undefined
    setStage({ kind: 'starting' })
    engine().then(
      (started) => {
        if (over) return
        const created = createViewerSession({
          engine: started,
          study,
          source,
          ...(onFailure && { onFailure }),
        })
        session = created
        created.onChange(() => {
          if (created.closed && !over) setStage({ kind: 'released' })
        })
        enter(created)
        setStage({ kind: 'ready', session: created })
      },
      () => {
        if (!over) setStage({ kind: 'failed' })
      },
    )
    return () => {
      over = true
      if (session) leave(session)
    }
  }, [study.studyInstanceUid, source, attempt])

  return (
    <SayContext value={say}>
      <div className="vigil-viewer" lang={props.language ?? 'zh-CN'} data-viewer-state={stage.kind}>
        {stage.kind === 'ready' && (
          <MeasureScope session={stage.session} store={memory.measured} host={host}>
            <Workbench
              session={stage.session}
              order={props.order}
              priors={props.priors ?? noPriors}
              preferences={props.preferences ?? deliveredPreferences}
              memory={memory}
              hangs={props.hangs ?? false}
              windows={props.windows ?? null}
              control={props.control}
            />
          </MeasureScope>
        )}
        {stage.kind === 'starting' && <p className="vigil-viewer-loading">{say('viewer.starting')}</p>}
        {stage.kind === 'failed' && <Notice title={say('viewer.start-failed')} bad />}
        {stage.kind === 'released' && (
          <Notice title={say('viewer.released')}>
            <button
              type="button"
              className="vigil-viewer-button vigil-viewer-button-framed"
              onClick={() => setAttempt((before) => before + 1)}
            >
              {say('action.reload')}
            </button>
          </Notice>
        )}
      </div>
    </SayContext>
  )
}
