import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { Amendment, ReportDocument, ReportText } from '../../shared/report/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { examFacts } from '../orders/index.ts'
import { reportIdOf, type Standing } from './standing.ts'

/** What a report is about, as known at this moment. */
export interface Exam {
  study: StudySummary
  order: Order | null
  /** There is one that cannot be read: the facts are those of the images. */
  orderDamaged: boolean
}

/** What goes into a document before anything is decided. */
export interface Drawn {
  exam: Exam
  text: ReportText
  amendment: Amendment | null
  author: SessionPrincipal
  preparedAt: number
  dictionaryVersion: string
  lastVersion: Standing['lastVersion']
}

/**
 * The document that the gateway hands out, with nothing decided.
 * @throws VigilError `amendment-required` where a version is signed already and it is not said why there is another;
 * `bad-request` for an amendment of nothing.
 */
export function drawDocument(
  { protection, gatewayId }: Pick<Foundation, 'protection' | 'gatewayId'>,
  { exam: { study, order }, text, amendment, author, preparedAt, dictionaryVersion, lastVersion }: Drawn,
): ReportDocument {
  if (lastVersion && !amendment) throw new VigilError('amendment-required')
  if (!lastVersion && amendment)
    throw new VigilError('bad-request', { field: 'amendment', reason: 'first-version' })
  const facts = examFacts(order, study)
  return {
    schema: 'vigil/report/v1',
    reportId: reportIdOf(protection, study.studyInstanceUid),
    version: (lastVersion?.version ?? 0) + 1,
    previous: lastVersion?.document_hash ?? null,
    gatewayId,
    studyInstanceUid: study.studyInstanceUid,
    accessionNumber: order?.accessionNumber ?? study.accessionNumber,
    patientId: facts.patientId,
    patientName: facts.patientName,
    author: { accountId: author.accountId, name: author.displayName },
    preparedAt,
    dictionaryVersion,
    exam: {
      modality: facts.modality,
      bodyPart: facts.bodyPart,
      itemName: facts.itemName,
      patientClass: order?.patientClass ?? '',
      sex: facts.sex,
      age: facts.age,
    },
    text,
    amendment,
    decisions: [],
    standing: [],
  }
}
