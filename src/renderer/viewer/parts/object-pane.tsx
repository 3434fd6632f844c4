import type { DisplaySet } from '../display/display-sets.ts'
import type { ViewerSession } from '../session.ts'
import { objectKey, useSay } from '../texts/index.ts'
import { Notice } from './notice.tsx'

/** A pane with objects that have no pixels of their own. */
export function ObjectPane({ set }: { session: ViewerSession; set: DisplaySet }) {
  const say = useSay()
  return (
    <Notice title={say('pane.objects')}>
      <p className="vigil-viewer-detail">
        {[set.series.modality, set.series.description].filter(Boolean).join('  ')}
      </p>
      <p>{say(objectKey(set.series.modality))}</p>
    </Notice>
  )
}
