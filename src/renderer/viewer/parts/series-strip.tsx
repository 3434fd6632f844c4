import { type KeyboardEvent, memo, useState } from 'react'
import type { PriorStudy } from '../../../shared/api/index.ts'
import { text } from '../dicom/attributes.ts'
import type { DisplaySet } from '../display/display-sets.ts'
import { displayDate } from '../display/person.ts'
import { ImageProblem } from '../problem.ts'
import type { ViewerSession } from '../session.ts'
import { problemKey, useSay } from '../texts/index.ts'
import { comparisonMark } from './comparison-mark.ts'
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
  const attributes = middle === undefined ? undefined : session.engine.record(middle)?.attributes
  // A projection that stands alone is known by its side and view.
  const projection =
    attributes && set.instances.length === 1
      ? [text(attributes, '00200062'), text(attributes, '00185101')].filter(Boolean).join(' ')
      : ''
  const name =
    series.description ||
    (series.seriesNumber === null ? '' : `${say('corner.series')} ${series.seriesNumber}`)
  const title = name.includes(projection) ? name : `${projection} ${name}`
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
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') step(event)
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

/** What the strip knows of another exam of the patient before it is opened. */
export type PriorSummary = Pick<
  PriorStudy,
  | 'studyInstanceUid'
  | 'studyDate'
  | 'studyTime'
  | 'description'
  | 'itemName'
  | 'modalities'
  | 'seriesCount'
  | 'masked'
>

/** Arrow keys go through the series of all exams that are unfolded. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const all = [...(event.currentTarget.closest('nav')?.querySelectorAll('button') ?? [])]
  const next =
    all[all.indexOf(event.currentTarget as HTMLButtonElement) + (event.key === 'ArrowDown' ? 1 : -1)]
  if (!next) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}

interface StripProps {
  session: ViewerSession
  revision: number
  priors: readonly PriorSummary[]
  /** Display set ids that panes show. */
  shown: ReadonlySet<string>
  active: string | null
  onOpen(setId: string): void
}

/** The series of the exam, then those of each prior exam under its date. */
export const SeriesStrip = memo(function SeriesStrip(props: StripProps) {
  const say = useSay()
  const { session } = props
  const own = session.study.studyInstanceUid
  return (
    <nav className="vigil-viewer-strip" aria-label={say('strip.label')} data-revision={props.revision}>
      {props.priors.length > 0 && <h3 className="vigil-viewer-strip-study">{say('strip.current')}</h3>}
      <SeriesList {...props} study={own} />
      {props.priors.map((prior) => (
        <PriorGroup key={prior.studyInstanceUid} {...props} prior={prior} />
      ))}
    </nav>
  )
})

function SeriesList(props: StripProps & { study: string }) {
  const { session } = props
  return (
    <ul>
      {session.sets
        .filter((set) => set.study === props.study)
        .map((set) => (
          <SeriesItem
            key={set.id}
            session={session}
            set={set}
            shown={props.shown.has(set.id)}
            active={props.active === set.id}
            onOpen={() => props.onOpen(set.id)}
          />
        ))}
    </ul>
  )
}

function PriorGroup(props: StripProps & { prior: PriorSummary }) {
  const say = useSay()
  const { session, prior } = props
  const uid = prior.studyInstanceUid
  const open = session.studies.some((study) => study.studyInstanceUid === uid)
  // One that a hanging protocol has put beside the exam is unfolded by itself.
  const [chosen, setChosen] = useState<boolean | null>(null)
  const problem = session.compareProblem(uid)
  const unfolded = chosen ?? (open || problem !== undefined)
  const what = prior.itemName || prior.description || prior.modalities.join('/')
  return (
    <section className="vigil-viewer-prior" data-prior-study={uid} data-open={unfolded}>
      <button
        type="button"
        className="vigil-viewer-strip-study"
        aria-expanded={unfolded && !prior.masked}
        disabled={prior.masked}
        title={prior.masked ? say('strip.masked') : `${displayDate(prior.studyDate)} ${what}`}
        onClick={() => {
          setChosen(!unfolded)
          if (!unfolded) session.compare(uid).catch(() => {})
        }}
      >
        <span className="vigil-viewer-prior-date">{comparisonMark(session.study, prior, say)}</span>
        <span className="vigil-viewer-prior-what">{prior.masked ? say('strip.masked') : what}</span>
      </button>
      {unfolded && open && <SeriesList {...props} study={uid} />}
      {unfolded && !open && !problem && <p className="vigil-viewer-strip-note">{say('strip.opening')}</p>}
      {unfolded && problem && (
        <p className="vigil-viewer-strip-note" role="alert" data-bad="true">
          {say(problemKey(problem))}
        </p>
      )}
    </section>
  )
}
