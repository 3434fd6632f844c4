import type { Measurement } from '../../../shared/measurement/index.ts'
import { text } from '../dicom/attributes.ts'
import { isSaved } from '../objects/report-measurements.ts'
import { Icon } from '../parts/icons.tsx'
import { useSay } from '../texts/index.ts'
import { shortText } from './label-text.ts'
import { measuredRecord, priorDateOf, useMeasured, useMeasuring } from './measure-scope.tsx'
import { calibrationKey, instanceNumber, scaleOf } from './scale.ts'
import type { MeasureActions } from './use-measure-actions.ts'

/** Everything that was measured: one line each; a click goes to its image. Shown where it was asked for. */
export function MeasureList(props: {
  actions: MeasureActions
  /** Shows the image: a display set and a place in it, from 0. */
  onShow(setId: string, index: number): void
}) {
  const say = useSay()
  const { store, host, listOpen } = useMeasuring()
  const { present } = useMeasured()
  const { actions } = props
  if (!listOpen) return null
  const list = present.measurements
  return (
    <aside className="vigil-measure-list" aria-label={say('measure.list')} data-testid="measure-list">
      <header>
        <strong>{say('measure.list')}</strong>
        <span>{list.length}</span>
      </header>
      {list.length === 0 && <p className="vigil-measure-empty">{say('measure.none')}</p>}
      <ul>
        {list.map((one) => (
          <Row key={one.id} one={one} {...props} />
        ))}
      </ul>
      {Object.keys(present.calibrations).length > 0 && <Calibrations />}
      {list.length > 0 && (
        <footer>
          {host.onInsertText && (
            <button
              type="button"
              className="vigil-viewer-button vigil-viewer-button-framed"
              onClick={() => actions.insert(list)}
            >
              {say('measure.insert-all')}
            </button>
          )}
          {host.onStoreMeasurements &&
            (['structured-report', 'presentation-state'] as const).map((as) => (
              <button
                key={as}
                type="button"
                className="vigil-viewer-button vigil-viewer-button-framed"
                disabled={actions.outcome === 'storing'}
                onClick={() => void actions.store(as)}
              >
                {say(`measure.store.${as}`)}
              </button>
            ))}
          <button
            type="button"
            className="vigil-viewer-button vigil-viewer-button-framed"
            onClick={() => store.removeAll()}
          >
            {say('measure.delete-all')}
          </button>
        </footer>
      )}
    </aside>
  )
}

function Row({
  one,
  actions,
  onShow,
}: {
  one: Measurement
  actions: MeasureActions
  onShow(setId: string, index: number): void
}) {
  const say = useSay()
  const { session, store, host } = useMeasuring()
  const { selected } = useMeasured()
  const record = measuredRecord(session, one)
  const prior = record ? priorDateOf(session, record) : null
  const kind = say(`kind.${one.kind}`)
  const value = shortText(one, say)
  const go = () => {
    store.select(one.id)
    const set = session.sets.find(
      ({ series, instances }) =>
        series.seriesInstanceUid === one.series &&
        instances.some(({ sopInstanceUid }) => sopInstanceUid === one.instance),
    )
    const opened = set && session.opened(set.id)
    if (!set || !record || !opened || !('imageIds' in opened)) return
    onShow(set.id, opened.imageIds.indexOf(record.imageId))
  }
  return (
    <li data-selected={one.id === selected} data-kind={one.kind}>
      <button type="button" className="vigil-measure-row" onClick={go}>
        <Icon name={one.kind} />
        <span className="vigil-measure-value">{value || kind}</span>
        {one.label && one.label !== value && <span className="vigil-measure-text">{one.label}</span>}
        {isSaved(one.id) && <span className="vigil-measure-text">{say('objects.saved.mark')}</span>}
        <span className="vigil-measure-place">
          {prior !== null && (
            <strong className="vigil-viewer-prior-mark">{`${say('compared.prior', { date: prior })} `}</strong>
          )}
          {record &&
            say('measure.place', {
              series: text(record.attributes, '00200011') || '—',
              image: instanceNumber(record) ?? '—',
            })}
        </span>
      </button>
      {host.onInsertText && (
        <button
          type="button"
          className="vigil-viewer-button"
          title={say('measure.insert')}
          aria-label={`${say('measure.insert')} ${value}`}
          onClick={() => actions.insert([one])}
        >
          <Icon name="insert" />
        </button>
      )}
      <button
        type="button"
        className="vigil-viewer-button"
        title={say('measure.delete')}
        aria-label={`${say('measure.delete')} ${value}`}
        onClick={() => store.remove([one.id])}
      >
        <Icon name="trash" />
      </button>
    </li>
  )
}

/** Which images a person calibrated, each to be taken back. */
function Calibrations() {
  const say = useSay()
  const { session, store } = useMeasuring()
  const { present } = useMeasured()
  return (
    <ul className="vigil-measure-calibrations">
      {Object.entries(present.calibrations).map(([key, spacing]) => {
        const [series = '', instance = ''] = key.split('/')
        const record = session.sets
          .flatMap((set) => {
            const opened = session.opened(set.id)
            return opened && 'imageIds' in opened ? opened.imageIds : []
          })
          .map((imageId) => session.engine.record(imageId))
          .find((each) => each && calibrationKey(each) === key)
        return (
          <li key={key}>
            <span>{`${say('measure.calibrated')} ${spacing.column.toPrecision(4)} mm/px`}</span>
            <button
              type="button"
              className="vigil-viewer-button"
              disabled={!record}
              onClick={() =>
                record && store.calibrate({ series, instance }, null, scaleOf(record, undefined))
              }
            >
              {say('measure.calibrate.clear')}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
