import type { Order } from '../../../shared/order/index.ts'
import { text } from '../dicom/attributes.ts'
import type { ViewerSession } from '../session.ts'
import type { ExamFacts, SeriesFacts } from './match.ts'
import { slicePlane } from './slice-plane.ts'

/** The exam as the choice of a protocol sees it. `priors` counts those that may be opened. */
export function examFacts(session: ViewerSession, order: Order | null, priors: number): ExamFacts {
  const { study } = session
  return {
    modalities: study.modalities,
    words: [study.bodyPart, study.description, order?.bodyPart, order?.itemName].filter(Boolean).join(' '),
    priors,
  }
}

/** `R CC`: side and view, of a projection that tells them (0020,0062, 0018,5101), as one word group. */
function projectionOf(attributes: Record<string, unknown>): string {
  const side = text(attributes, '00200062') || text(attributes, '00200060')
  return [side, text(attributes, '00185101')].filter(Boolean).join(' ')
}

/** Every image set of the session as the rules see it; `ranks` are the studies in order, the exam first. */
export function seriesFacts(session: ViewerSession, ranks: readonly string[]): SeriesFacts[] {
  return session.sets.flatMap((set) => {
    const study = ranks.indexOf(set.study)
    if (set.kind !== 'images' || study < 0) return []
    const opened = session.opened(set.id)
    const first = opened && 'imageIds' in opened ? opened.imageIds[0] : undefined
    const record = first === undefined ? undefined : session.engine.record(first)
    const words = [set.series.description, record ? projectionOf(record.attributes) : '']
    return [
      {
        set: set.id,
        study,
        modality: set.series.modality,
        words: words.filter(Boolean).join(' '),
        plane: record ? slicePlane(record.plane.rowDirection, record.plane.columnDirection) : null,
        images: set.count,
      },
    ]
  })
}
