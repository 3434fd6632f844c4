import type { DisplaySet } from '../display/display-sets.ts'
import { ImageProblem } from '../problem.ts'
import type { ViewerSession } from '../session.ts'
import { problemKey, useSay } from '../texts/index.ts'
import { Thumbnail } from './thumbnail.tsx'

export const dragType = 'application/x-vigil-display-set'

interface Progress {
  loaded: number
  failed: number
}

function progressOf(session: ViewerSession, imageIds: string[]): Progress {
  let loaded = 0
  let failed = 0
  for (const imageId of imageIds) {
    if (session.images.loaded(imageId)) loaded += 1
    else if (session.images.problem(imageId)) failed += 1
  }
  return { loaded, failed }
}

function SeriesItem(props: {
  session: ViewerSession
  set: DisplaySet
  shown: boolean
  active: boolean
  onOpen(): void
}) {
  const say = useSay()
  const { session, set } = props
  const { series } = set
  const opened = session.opened(set.id)
  const problem = opened instanceof ImageProblem ? opened : undefined
  const imageIds = opened && !(opened instanceof ImageProblem) ? opened.imageIds : []
  const middle = imageIds[imageIds.length >> 1]
  const middleProblem = middle === undefined ? undefined : session.images.problem(middle)
  const { loaded, failed } = progressOf(session, imageIds)
  const count =
    set.kind === 'objects'
      ? say('strip.objects', { n: set.instances.length })
      : say(set.instances.length === 1 && set.count > 1 ? 'strip.frames' : 'strip.images', { n: set.count })
  const title =
    series.description ||
    (series.seriesNumber === null ? '' : `${say('corner.series')} ${series.seriesNumber}`)
  const trouble = problem ?? middleProblem
  return (
    <li>
      <button
        type="button"
        className="vigil-viewer-series"
        data-display-set={set.id}
        data-shown={props.shown}
        data-active={props.active}
        data-images-loaded={loaded}
        data-images-failed={failed}
        title={`${title}\n${say('strip.hint')}`}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(dragType, set.id)
          event.dataTransfer.effectAllowed = 'copy'
        }}
        onDoubleClick={props.onOpen}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onOpen()
        }}
      >
        <span className="vigil-viewer-series-image">
          <Thumbnail image={middle === undefined ? undefined : session.images.cached(middle)} />
          {set.kind === 'objects' && (
            <span className="vigil-viewer-series-mark">{series.modality || '—'}</span>
          )}
          {trouble && (
            <span className="vigil-viewer-series-trouble" title={say(problemKey(trouble))}>
              !
            </span>
          )}
          <span className="vigil-viewer-series-modality">{series.modality || '—'}</span>
          <span className="vigil-viewer-series-count">{count}</span>
        </span>
        <span className="vigil-viewer-series-title">{title || '—'}</span>
        <progress
          className="vigil-viewer-series-progress"
          max={Math.max(1, set.count)}
          value={loaded + failed}
          aria-hidden="true"
          data-complete={loaded + failed >= set.count}
        />
      </button>
    </li>
  )
}

export function SeriesStrip(props: {
  session: ViewerSession
  revision: number
  panes: (string | null)[]
  active: string | null
  onOpen(setId: string): void
}) {
  const say = useSay()
  return (
    <nav className="vigil-viewer-strip" aria-label={say('strip.label')} data-revision={props.revision}>
      <ul>
        {props.session.sets.map((set) => (
          <SeriesItem
            key={set.id}
            session={props.session}
            set={set}
            shown={props.panes.includes(set.id)}
            active={props.active === set.id}
            onOpen={() => props.onOpen(set.id)}
          />
        ))}
      </ul>
    </nav>
  )
}
