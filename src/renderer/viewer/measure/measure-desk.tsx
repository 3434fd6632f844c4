import { useEffect } from 'react'
import { useMeasureKeys } from '../parts/use-image-keys.ts'
import { useSay } from '../texts/index.ts'
import { MeasureList } from './measure-list.tsx'
import { useMeasuring } from './measure-scope.tsx'
import type { MeasureActions } from './use-measure-actions.ts'

const shownMs = 2500

/** What is done with measurements beside the images: keys, the list, and how sending them went. */
export function MeasureDesk(props: {
  actions: MeasureActions
  /** Shows an image: a display set and a place in it, from 0. */
  onShow(setId: string, index: number): void
}) {
  const say = useSay()
  const { store, listOpen, setListOpen } = useMeasuring()
  const { actions } = props
  const { outcome, settle } = actions
  useMeasureKeys({
    undo: store.undo,
    redo: store.redo,
    remove: actions.remove,
    insert: () => actions.insert(),
    keyImage: actions.keyImage,
    toggleList: () => setListOpen(!listOpen),
  })
  useEffect(() => {
    if (!outcome || outcome === 'storing') return
    const timer = window.setTimeout(settle, shownMs)
    return () => window.clearTimeout(timer)
  }, [outcome, settle])
  return (
    <>
      <MeasureList actions={actions} onShow={props.onShow} />
      {outcome && (
        <p className="vigil-measure-outcome" role="status" data-bad={outcome.endsWith('failed')}>
          {say(`measure.${outcome}`)}
        </p>
      )}
    </>
  )
}
