import type { PriorStudy } from '../../shared/api/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Exam } from './exam.ts'
import { type Comparable, likeness } from './priors.ts'
import { isMasked, type View } from './view.ts'

/** The other exams of a patient as a person may see them, the likeliest comparison first, what they may not open last. */
export function priorStudies(
  current: Exam,
  others: readonly Exam[],
  studies: ReadonlyMap<string, StudySummary>,
  view: View,
): PriorStudy[] {
  const now = comparable(current, studies.get(current.id))
  const priors = others.flatMap((exam) => {
    const study = studies.get(exam.id)
    if (!study) return []
    if (isMasked(exam, view)) return [maskedPrior(study)]
    return [
      {
        studyInstanceUid: study.studyInstanceUid,
        studyDate: study.studyDate,
        studyTime: study.studyTime,
        description: study.description,
        modalities: study.modalities,
        seriesCount: study.seriesCount,
        instanceCount: study.instanceCount,
        accessionNumber: exam.full.row.accessionNumber,
        bodyPart: exam.full.row.bodyPart,
        itemName: exam.full.row.itemName,
        reported: view.reports && exam.report?.status === 'signed',
        likeness: likeness(now, comparable(exam, study)),
        masked: false,
      },
    ]
  })
  return priors.sort((a, b) => Number(a.masked) - Number(b.masked) || b.likeness - a.likeness || newer(a, b))
}

const newer = (a: PriorStudy, b: PriorStudy) =>
  a.studyDate + a.studyTime < b.studyDate + b.studyTime ? 1 : -1

function comparable({ full: { row } }: Exam, study: StudySummary | undefined): Comparable {
  const texts = [row.bodyPart, row.itemName, study?.bodyPart ?? '', study?.description ?? '']
  return { modality: row.modality, texts, examAt: row.examAt }
}

/** That there is one, and nothing of what it is. */
function maskedPrior({ studyInstanceUid, seriesCount, instanceCount }: StudySummary): PriorStudy {
  return {
    studyInstanceUid,
    // The name stands above: the number would tell whose a masked row of the worklist is.
    accessionNumber: '',
    studyDate: '',
    studyTime: '',
    description: '',
    bodyPart: '',
    modalities: [],
    seriesCount,
    instanceCount,
    itemName: '',
    reported: false,
    likeness: 0,
    masked: true,
  }
}
