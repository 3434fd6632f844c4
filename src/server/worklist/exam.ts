import {
  type ExamStanding,
  type FieldLabels,
  hiddenFields,
  maskedName,
  Sensitivity,
  strictest,
} from '../../shared/access/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import type { Claim } from '../claims/index.ts'
import type { AlertCounts } from '../critical/index.ts'
import { examFacts, type KeptOrder } from '../orders/index.ts'
import type { ReportSummary } from '../reports/index.ts'
import { type SearchTerms, searchTerms } from './search-terms.ts'

/** What is known of a study beside its order and its images. */
export interface Standing {
  report?: ReportSummary | undefined
  alerts?: AlertCounts | undefined
  claim?: Claim | undefined
  label?: Sensitivity | undefined
  reportLabel?: Sensitivity | undefined
}

/** A row with what it is found by. Facts that are one person's own (`claimedBy`, `typedOrder`) are not in it. */
export interface Face {
  row: WorklistRow
  terms: SearchTerms
}

/** One exam of the worklist: a study with its order where there is one, or an order whose images have not come. Never changed, but replaced. */
export interface Exam {
  /** The study's UID, or the order's id behind a blank. */
  id: string
  studyIndex: string | null
  sensitivity: Sensitivity
  full: Face
  /** For who may not see the patient; null where there is no label. */
  masked: Face | null
  /** For people of a clearance below a field's label; null where no field is hidden from anybody. */
  veiled: Partial<Record<Sensitivity, Face>> | null
  /** Of the label that a person gave to the report. */
  reportLabel: Sensitivity
  report: ReportSummary | null
  claim: Claim | null
  /** The order where somebody typed it in. */
  typed: KeptOrder['order'] | null
}

export function examOf(
  kept: KeptOrder | null,
  study: StudySummary | null,
  standing: Standing,
  more: {
    id: string
    studyIndex: string | null
    nameOf: (accountId: string) => string
    fields: FieldLabels
  },
): Exam {
  const { report, alerts, claim, label = 'general', reportLabel = 'general' } = standing
  const { id, studyIndex, nameOf, fields } = more
  const order = kept?.order ?? null
  const facts = examFacts(order, study)
  const sensitivity = strictest([label, order?.sensitivity ?? 'general'])
  const row: WorklistRow = {
    studyInstanceUid: study?.studyInstanceUid ?? null,
    accessionNumber: order?.accessionNumber ?? study?.accessionNumber ?? '',
    patientId: facts.patientId,
    imagingNumber: study?.patientId ?? '',
    patientName: facts.patientName,
    sex: facts.sex,
    age: facts.age,
    patientClass: order?.patientClass ?? '',
    priority: order?.priority ?? 'routine',
    modality: facts.modality,
    itemName: facts.itemName,
    bodyPart: facts.bodyPart,
    orderingDepartment: order?.orderingDepartment ?? '',
    ward: order?.ward ?? '',
    bed: order?.bed ?? '',
    examAt: facts.examAt,
    examStatus: study ? 'arrived' : kept?.examDoneAt ? 'done' : 'ordered',
    seriesCount: study?.seriesCount ?? 0,
    instanceCount: study?.instanceCount ?? 0,
    reportStatus: report?.status ?? 'none',
    reportedBy: report?.writtenBy ? nameOf(report.writtenBy) : '',
    reviewedBy: report?.reviewedBy ? nameOf(report.reviewedBy) : '',
    claimedBy: null,
    criticalAlerts: alerts?.alerts ?? 0,
    criticalOpen: alerts?.open ?? 0,
    suspected: report?.suspected ?? 0,
    sensitivity,
    masked: false,
  }
  return {
    id,
    studyIndex,
    sensitivity,
    full: { row, terms: searchTerms(row, facts.patientNamePinyin) },
    masked: sensitivity === 'general' ? null : maskedFace(row),
    veiled: veiledFaces(row, facts.patientNamePinyin, fields),
    reportLabel,
    report: report ?? null,
    claim: claim ?? null,
    typed: kept?.source === 'typed' ? kept.order : null,
  }
}

/** What is left: that there is an exam, when, by what machine, how urgent, and where its report stands. */
function maskedFace(row: WorklistRow): Face {
  const masked: WorklistRow = {
    ...row,
    patientName: maskedName(row.patientName),
    patientId: '',
    imagingNumber: '',
    sex: '',
    age: '',
    patientClass: '',
    itemName: '',
    bodyPart: '',
    orderingDepartment: '',
    ward: '',
    bed: '',
    reportedBy: '',
    reviewedBy: '',
    criticalAlerts: 0,
    criticalOpen: 0,
    suspected: 0,
    masked: true,
  }
  return { row: masked, terms: searchTerms(masked, null) }
}

/** Who the patient is, hidden from those whose clearance is below the label of these fields. */
function veiledFaces(row: WorklistRow, pinyin: string, fields: FieldLabels): Exam['veiled'] {
  if (fields.patientName === 'general' && fields.patientId === 'general') return null
  const faces: Partial<Record<Sensitivity, Face>> = {}
  for (const clearance of Sensitivity.options) {
    const hidden = hiddenFields(fields, { clearance, clinicalText: true })
    if (!hidden.has('patientName') && !hidden.has('patientId')) continue
    const veiled: WorklistRow = {
      ...row,
      ...(hidden.has('patientName') ? { patientName: maskedName(row.patientName) } : {}),
      ...(hidden.has('patientId') ? { patientId: '', imagingNumber: '' } : {}),
      veiled: true,
    }
    faces[clearance] = { row: veiled, terms: searchTerms(veiled, hidden.has('patientName') ? null : pinyin) }
  }
  return faces
}

/** Where an exam and its report stand, for who decides on access. `now` tells whether a claim still holds. */
export function standingOf(
  { report, claim, full }: Pick<Exam, 'report' | 'claim'> & { full: { row: Pick<WorklistRow, 'examAt'> } },
  now: number,
): ExamStanding {
  const claimed = claim && claim.until > now ? claim.accountId : null
  return {
    signed: report?.status === 'signed',
    signedAt: report?.signedAt ?? null,
    writtenBy: report?.writtenBy ?? '',
    reviewedBy: report?.reviewedBy ?? '',
    holder: report?.holder ?? claimed,
    examAt: full.row.examAt,
  }
}
