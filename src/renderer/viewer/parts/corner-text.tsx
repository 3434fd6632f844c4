import type { Order } from '../../../shared/order/index.ts'
import { text } from '../dicom/attributes.ts'
import { isLossySyntax } from '../dicom/transfer-syntax.ts'
import { completenessOf, numberRuns } from '../display/completeness.ts'
import type { CornerTextSetting } from '../display/corner-setting.ts'
import { displayAge, displayDate, displayName, displayTime } from '../display/person.ts'
import { along, normalOf } from '../link/geometry.ts'
import { type ImageRecord, lossyCompressionOf } from '../load/image-record.ts'
import type { ViewerSession } from '../session.ts'
import type { ImageView, ViewState } from '../stage/image-view.ts'
import type { StackState } from '../stage/stack-view.ts'
import { type Say, type TextKey, useSay } from '../texts/index.ts'
import { zhCN } from '../texts/zh-CN.ts'
import { comparisonMark } from './comparison-mark.ts'

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)))

interface CornerProps {
  session: ViewerSession
  /** Null for a prior: the order is of the exam. */
  order: Order | null
  prior: boolean
  record: ImageRecord
  view: ImageView
  state: ViewState
  setId: string
  detail: CornerTextSetting
}

/** The four corners of a pane: who, where and when, which image, how it is looked at. */
export function CornerText(props: CornerProps) {
  const { detail } = props
  return (
    <>
      <Who {...props} />
      <When {...props} />
      <div className="vigil-viewer-corner" data-corner="bottom-left">
        {detail !== 'none' && <Which {...props} />}
        <Complete {...props} />
      </div>
      <Look {...props} />
    </>
  )
}

function Who({ session, order, record, detail }: CornerProps) {
  const say = useSay()
  const study = session.studyOf(record)
  const sexCode = order?.sex ?? study.patientSex
  const sex = `sex.${sexCode}` in zhCN ? say(`sex.${sexCode}` as TextKey) : ''
  const units = { Y: say('age.Y'), M: say('age.M'), W: say('age.W'), D: say('age.D') }
  const birthDate = order?.birthDate || study.patientBirthDate
  const age = displayAge(study.patientAge, birthDate, study.studyDate, units)
  return (
    <div className="vigil-viewer-corner" data-corner="top-left">
      <strong>{(order?.patientName ?? displayName(study.patientName)) || '—'}</strong>
      {detail === 'full' && (
        <>
          <span>{[sex, age].filter(Boolean).join('  ')}</span>
          <span>{`${say('corner.patient-id')} ${study.patientId || order?.patientId || '—'}`}</span>
        </>
      )}
      {detail !== 'none' && study.accessionNumber && (
        <span>{`${say('corner.accession')} ${study.accessionNumber}`}</span>
      )}
    </div>
  )
}

/** A prior says so, and its date, in a colour of its own: nobody shall read the wrong exam. */
function When({ session, order, prior, record, detail }: CornerProps) {
  const say = useSay()
  const study = session.studyOf(record)
  const { attributes } = record
  const date = text(attributes, '00080022') || text(attributes, '0008002A').slice(0, 8) || study.studyDate
  const time = text(attributes, '00080032') || text(attributes, '0008002A').slice(8) || study.studyTime
  return (
    <div className="vigil-viewer-corner" data-corner="top-right">
      {prior && (
        <strong className="vigil-viewer-prior-mark">{comparisonMark(session.study, study, say)}</strong>
      )}
      {detail === 'full' && <span>{text(attributes, '00080080')}</span>}
      {!prior && <span>{`${displayDate(date)} ${detail === 'none' ? '' : displayTime(time)}`.trim()}</span>}
      {prior && detail === 'full' && <span>{displayTime(time)}</span>}
      {detail !== 'none' && <span>{study.description || order?.itemName}</span>}
      {detail === 'full' && <span>{text(attributes, '00180015') || order?.bodyPart}</span>}
    </div>
  )
}

function placeText({ view, record }: CornerProps, say: Say): string {
  const plane = view.kind === 'volume' ? view.plane() : null
  const location = plane ? along(plane.position, normalOf(plane)) : record.plane.location
  const { thickness } = record.plane
  return [
    location !== null && `${say('corner.location')} ${short(location, 1)} mm`,
    view.kind === 'stack' && thickness !== null && `${say('corner.thickness')} ${short(thickness, 2)} mm`,
  ]
    .filter(Boolean)
    .join('  ')
}

function Which(props: CornerProps) {
  const say = useSay()
  const { record, state, view } = props
  const { attributes } = record
  const frames = Number(text(attributes, '00280008')) || 1
  const projection = [
    text(attributes, '00200062') || text(attributes, '00200060'),
    text(attributes, '00185101'),
  ]
  return (
    <>
      <span>
        {[
          `${say('corner.series')} ${text(attributes, '00200011')}`,
          text(attributes, '0008103E'),
          ...projection,
        ]
          .filter(Boolean)
          .join('  ')}
      </span>
      <span>
        {`${say(view.kind === 'volume' ? 'corner.slice' : 'corner.image')} ${state.index + 1}/${state.count}`}
        {view.kind === 'stack' && frames > 1 && `  ${say('corner.frame')} ${record.frame}/${frames}`}
      </span>
      <span>{placeText(props, say)}</span>
    </>
  )
}

/** Whether the series is all there: how many have come, what failed, which numbers the archive lacks. */
function Complete({ session, setId, detail }: CornerProps) {
  const say = useSay()
  const opened = session.opened(setId)
  if (!opened || !('imageIds' in opened)) return null
  const { total, loaded, failed, missing } = completenessOf(opened.set, opened.imageIds, session.images)
  return (
    <>
      {failed > 0 && <span className="vigil-viewer-lacking">{say('corner.failed', { n: failed })}</span>}
      {missing !== null && missing.length > 0 && (
        <span className="vigil-viewer-lacking">
          {say('corner.missing', { n: missing.length, numbers: numberRuns(missing) })}
        </span>
      )}
      {detail !== 'none' &&
        total > 1 &&
        (loaded + failed < total || (detail === 'full' && missing === null)) && (
          <span className="vigil-viewer-coming">{say('corner.loaded', { n: loaded, m: total })}</span>
        )}
      {detail === 'full' && total > 1 && loaded === total && missing?.length === 0 && (
        <span className="vigil-viewer-coming">{say('corner.complete', { m: total })}</span>
      )}
    </>
  )
}

function Look({ record, view, state, detail }: CornerProps) {
  const say = useSay()
  const shown = view.kind === 'stack' ? (state as StackState).shown : null
  const lut = view.kind === 'stack' ? (state as StackState).lut : null
  const syntax = shown?.vigil.transferSyntaxUid ?? ''
  const lossy = lossyCompressionOf(record.attributes) ?? (isLossySyntax(syntax) ? { ratio: null } : null)
  // A failed image has no look: the one before it must not lend it its own.
  const look = state.phase !== 'failed'
  const digits = state.window && state.window.width < 10 ? 2 : 0
  return (
    <div className="vigil-viewer-corner" data-corner="bottom-right">
      {lossy && (
        <span className="vigil-viewer-lossy">
          {`${say('corner.lossy')}${lossy.ratio ? ` ${short(lossy.ratio, 1)}:1` : ''}`}
        </span>
      )}
      {look && state.inverted !== (shown?.invert ?? false) && <span>{say('corner.inverted')}</span>}
      {look && detail !== 'none' && state.zoom !== null && (
        <span>{`${say('corner.zoom')} ${Math.round(state.zoom * 100)}%`}</span>
      )}
      {look && detail !== 'none' && lut && (
        <span data-testid="voi-lut">{['VOI LUT', lut.name].filter(Boolean).join('  ')}</span>
      )}
      {look && detail !== 'none' && state.window && !shown?.color && (
        <span>
          {`${say('corner.window')} ${short(state.window.width, digits)}  ${say('corner.level')} ${short(state.window.centre, digits)}`}
        </span>
      )}
    </div>
  )
}
