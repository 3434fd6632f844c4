import { useEffect, useState } from 'react'
import type { DicomJson, Instance } from '../../../shared/study/index.ts'
import { number, text } from '../dicom/attributes.ts'
import type { DisplaySet } from '../display/display-sets.ts'
import { displayDate } from '../display/person.ts'
import { useMeasuring } from '../measure/measure-scope.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { type ImageProblem, problemOf } from '../problem.ts'
import type { ViewerSession } from '../session.ts'
import { objectKey, useLanguage, useSay } from '../texts/index.ts'
import { type ContentItem, contentTree, imagesIn, type ObjectReference, standing } from './content-tree.ts'
import { usePresentationChoice } from './presentation-choice.ts'
import { reportMeasurements } from './report-measurements.ts'
import { findImage, useShowImage } from './show-image.ts'
import { conceptName, sopClassName } from './sop-classes.ts'
import './objects.css'

/** A pane with objects that have no pixels of their own: what they say, or why they are not shown. */
export function ObjectContent({ session, set }: { session: ViewerSession; set: DisplaySet }) {
  const say = useSay()
  const [objects, setObjects] = useState<DicomJson[] | ImageProblem | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt reads again
  useEffect(() => {
    let over = false
    setObjects(null)
    session.attributes(set).then(
      (found) => !over && setObjects(found),
      (thrown: unknown) => !over && setObjects(problemOf(thrown)),
    )
    return () => {
      over = true
    }
  }, [session, set, attempt])

  if (objects === null) return <p className="vigil-viewer-loading">{say('pane.loading-series')}</p>
  if (!Array.isArray(objects))
    return (
      <ProblemNotice
        title={say('pane.series-failed')}
        problem={objects}
        onRetry={() => setAttempt((n) => n + 1)}
      />
    )
  return (
    <section
      className="vigil-viewer-document"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long document is scrolled by keys
      tabIndex={0}
      aria-label={set.series.description || set.series.modality}
    >
      {set.instances.map((instance) => {
        const attributes = objects.find((one) => text(one, '00080018') === instance.sopInstanceUid)
        return (
          <article key={instance.sopInstanceUid} data-sop-class={instance.sopClassUid}>
            {attributes ? (
              <OneObject
                session={session}
                instance={instance}
                attributes={attributes}
                modality={set.series.modality}
              />
            ) : (
              <p>{say('problem.instance-broken')}</p>
            )}
          </article>
        )
      })}
    </section>
  )
}

interface ObjectProps {
  session: ViewerSession
  instance: Instance
  attributes: DicomJson
  modality: string
}

function OneObject(props: ObjectProps) {
  const { attributes } = props
  if (text(attributes, '0040A040') === 'CONTAINER' || '0040A730' in attributes)
    return <ReportContent {...props} />
  if (props.modality === 'PR') return <StateContent {...props} />
  return <Unshown {...props} />
}

/** A structured report or key object selection: who, when, its tree, its images and measurements. */
function ReportContent({ session, instance, attributes }: ObjectProps) {
  const say = useSay()
  const language = useLanguage()
  const { store } = useMeasuring()
  const tree = contentTree(attributes)
  const { title, complete, verified, at, by } = standing(attributes)
  const images = imagesIn(tree)
  const measurements = reportMeasurements(
    tree,
    instance.sopInstanceUid,
    (uid) => findImage(session, uid, 1)?.series,
  )
  return (
    <>
      <h3>{conceptName(tree.concept, language) || title || sopClassName(instance.sopClassUid, language)}</h3>
      <p>
        {[
          sopClassName(instance.sopClassUid, language),
          at,
          by.replaceAll('^', ' ').trim(),
          complete ? '' : say('objects.partial'),
          say(verified ? 'objects.verified' : 'objects.unverified'),
        ]
          .filter(Boolean)
          .join('  ·  ')}
      </p>
      {measurements.length > 0 && (
        <button
          type="button"
          className="vigil-viewer-button vigil-viewer-button-framed"
          data-testid="show-measurements"
          onClick={() => store.show(measurements)}
        >
          {say('objects.show-measurements', { n: measurements.length })}
        </button>
      )}
      {images.length > 0 && <ImageButtons session={session} references={images} />}
      <Items items={tree.children} language={language} session={session} />
    </>
  )
}

/** Codes that say nothing to a reader: language, tracking, templates. */
const technical = new Set(['121049', '112040', '112039', '121005'])

function Items(props: { items: ContentItem[]; language: 'zh-CN' | 'en'; session: ViewerSession }) {
  const { language } = props
  const shown = props.items.filter(
    ({ type, concept }) =>
      !(concept && technical.has(concept.value)) && !['SCOORD', 'SCOORD3D', 'IMAGE', 'UIDREF'].includes(type),
  )
  if (shown.length === 0) return null
  return (
    <ul>
      {shown.map((item, i) => {
        // How a number was derived belongs to its name: 均值, 最大值.
        const modifiers = item.children.filter(
          ({ relationship, code }) => relationship === 'HAS CONCEPT MOD' && code,
        )
        const derived = item.measured
          ? modifiers.map(({ code }) => conceptName(code, language)).join('、')
          : ''
        const name = [conceptName(item.concept, language), derived && `（${derived}）`].join('')
        const value = item.code ? conceptName(item.code, language) : item.value
        const below = derived ? item.children.filter((child) => !modifiers.includes(child)) : item.children
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: content items have no other name
          <li key={i}>
            {name && <strong>{value ? `${name}：` : name}</strong>}
            {value && <span>{value}</span>}
            <Items {...props} items={below} />
          </li>
        )
      })}
    </ul>
  )
}

/** At most so many buttons; a document that names a whole series is read from the series. */
const mostButtons = 60

function ImageButtons({ session, references }: { session: ViewerSession; references: ObjectReference[] }) {
  const say = useSay()
  const show = useShowImage()
  const found = references.flatMap(({ instance, frames }) =>
    (frames.length > 0 ? frames : [1]).map((frame) => findImage(session, instance, frame)),
  )
  const elsewhere = found.filter((one) => one === null).length
  return (
    <div>
      {found.slice(0, mostButtons).map(
        (one) =>
          one && (
            <button
              key={`${one.setId} ${one.index}`}
              type="button"
              className="vigil-viewer-button vigil-viewer-button-framed"
              data-testid="show-image"
              onClick={() => show(one.setId, one.index)}
            >
              {say('objects.show-image', {
                series: session.sets.find(({ id }) => id === one.setId)?.series.seriesNumber ?? '—',
                n: one.index + 1,
              })}
            </button>
          ),
      )}
      {elsewhere > 0 && <span>{say('objects.elsewhere', { n: elsewhere })}</span>}
    </div>
  )
}

function StateContent({ session, instance, attributes }: ObjectProps) {
  const say = useSay()
  const language = useLanguage()
  const show = useShowImage()
  const { choice, states, applied } = usePresentationChoice(session)
  const own = states.find(({ uid }) => uid === instance.sopInstanceUid)
  const first = own && [...own.instances].map((uid) => findImage(session, uid, 1)).find(Boolean)
  const isApplied = own !== undefined && applied === own
  return (
    <>
      <h3>{own?.label || say('objects.unnamed')}</h3>
      <p>
        {[
          sopClassName(instance.sopClassUid, language),
          displayDate(text(attributes, '00700082')),
          own?.creator,
        ]
          .filter(Boolean)
          .join('  ·  ')}
      </p>
      {first ? (
        <button
          type="button"
          className="vigil-viewer-button vigil-viewer-button-framed"
          aria-pressed={isApplied}
          onClick={() => {
            choice.apply(isApplied ? null : instance.sopInstanceUid)
            if (!isApplied) show(first.setId, first.index)
          }}
        >
          {say(isApplied ? 'objects.take-off' : 'objects.apply')}
        </button>
      ) : (
        own && <p>{say('objects.elsewhere', { n: own.instances.size })}</p>
      )}
    </>
  )
}

/** Objects that are named and not shown, and why. */
function Unshown({ instance, attributes, modality }: ObjectProps) {
  const say = useSay()
  const language = useLanguage()
  const title = text(attributes, '00420010') || text(attributes, '00081030')
  const length = number(attributes, '00420015')
  return (
    <Notice title={say('pane.objects')}>
      <p>
        {[
          sopClassName(instance.sopClassUid, language),
          title,
          length === undefined ? '' : say('objects.size', { n: Math.max(1, Math.round(length / 1024)) }),
        ]
          .filter(Boolean)
          .join('  ·  ')}
      </p>
      <p>{say(objectKey(modality || (instance.sopClassUid.includes('.104.') ? 'DOC' : '')))}</p>
    </Notice>
  )
}
