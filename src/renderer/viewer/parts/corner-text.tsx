import type { Order } from '../../../shared/order/index.ts'
import type { Study } from '../../../shared/study/index.ts'
import { text } from '../dicom/attributes.ts'
import { isLossySyntax } from '../dicom/transfer-syntax.ts'
import { displayAge, displayDate, displayName, displayTime } from '../display/person.ts'
import { type ImageRecord, lossyCompressionOf } from '../load/image-record.ts'
import type { StackState } from '../stage/stack-view.ts'
import { type TextKey, useSay } from '../texts/index.ts'
import { zhCN } from '../texts/zh-CN.ts'

const short = (value: number, digits: number) => String(Number(value.toFixed(digits)))

/** The four corners of a pane: who, where and when, which image, how it is looked at. */
export function CornerText(props: {
  study: Study
  order: Order | null
  record: ImageRecord
  state: StackState
}) {
  const say = useSay()
  const { study, order, record, state } = props
  const { attributes, plane } = record

  const dicomName = displayName(study.patientName)
  const name = order?.patientName ?? dicomName
  const sexCode = order?.sex ?? study.patientSex
  const sex = `sex.${sexCode}` in zhCN ? say(`sex.${sexCode}` as TextKey) : ''
  const units = { Y: say('age.Y'), M: say('age.M'), W: say('age.W'), D: say('age.D') }
  const birthDate = order?.birthDate || study.patientBirthDate
  const age = displayAge(study.patientAge, birthDate, study.studyDate, units)

  const date = text(attributes, '00080022') || text(attributes, '0008002A').slice(0, 8) || study.studyDate
  const time = text(attributes, '00080032') || text(attributes, '0008002A').slice(8) || study.studyTime
  const seriesNumber = text(attributes, '00200011')
  const seriesName = text(attributes, '0008103E')
  const frames = Number(text(attributes, '00280008')) || 1

  const syntax = state.shown?.vigil.transferSyntaxUid ?? ''
  const lossy = lossyCompressionOf(attributes) ?? (isLossySyntax(syntax) ? { ratio: null } : null)
  // A failed image has no look: the one before it must not lend it its own.
  const look = state.phase !== 'failed'
  const digits = state.window && state.window.width < 10 ? 2 : 0

  return (
    <>
      <div className="vigil-viewer-corner" data-corner="top-left">
        <strong>{name || '—'}</strong>
        <span>{[sex, age].filter(Boolean).join('  ')}</span>
        <span>{`${say('corner.patient-id')} ${study.patientId || order?.patientId || '—'}`}</span>
        {study.accessionNumber && <span>{`${say('corner.accession')} ${study.accessionNumber}`}</span>}
      </div>
      <div className="vigil-viewer-corner" data-corner="top-right">
        <span>{text(attributes, '00080080')}</span>
        <span>{`${displayDate(date)} ${displayTime(time)}`}</span>
        <span>{study.description || order?.itemName}</span>
        <span>{text(attributes, '00180015') || order?.bodyPart}</span>
      </div>
      <div className="vigil-viewer-corner" data-corner="bottom-left">
        <span>{[`${say('corner.series')} ${seriesNumber}`, seriesName].filter(Boolean).join('  ')}</span>
        <span>
          {`${say('corner.image')} ${state.index + 1}/${state.count}`}
          {frames > 1 && `  ${say('corner.frame')} ${record.frame}/${frames}`}
        </span>
        <span>
          {[
            plane.location !== null && `${say('corner.location')} ${short(plane.location, 1)} mm`,
            plane.thickness !== null && `${say('corner.thickness')} ${short(plane.thickness, 2)} mm`,
          ]
            .filter(Boolean)
            .join('  ')}
        </span>
      </div>
      <div className="vigil-viewer-corner" data-corner="bottom-right">
        {lossy && (
          <span className="vigil-viewer-lossy">
            {`${say('corner.lossy')}${lossy.ratio ? ` ${short(lossy.ratio, 1)}:1` : ''}`}
          </span>
        )}
        {look && state.inverted !== (state.shown?.invert ?? false) && <span>{say('corner.inverted')}</span>}
        {look && state.zoom !== null && (
          <span>{`${say('corner.zoom')} ${Math.round(state.zoom * 100)}%`}</span>
        )}
        {look && state.window && !state.shown?.color && (
          <span>
            {`${say('corner.window')} ${short(state.window.width, digits)}  ${say('corner.level')} ${short(state.window.centre, digits)}`}
          </span>
        )}
      </div>
    </>
  )
}
