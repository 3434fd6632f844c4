import type { ExamContext } from '../../shared/critical/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { Amendment, KeyImage, ReportDocument, ReportText } from '../../shared/report/index.ts'
import type { Study } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import { examFacts, type Orders } from '../orders/index.ts'
import { reportIdOf, type Standing } from './standing.ts'

/** What a report is about, as known at this moment. */
export interface Exam {
  study: Study
  order: Order | null
  /** There is one that cannot be read: the facts are those of the images. */
  orderDamaged: boolean
}

/** @throws VigilError `study-not-found` */
export async function examOf(
  { archive, orders }: { archive: Archive; orders: Orders },
  studyInstanceUid: string,
): Promise<Exam> {
  const study = await archive.study(studyInstanceUid)
  const { kept, damaged } = await orders.ofStudy(study)
  return { study, order: kept?.order ?? null, orderDamaged: damaged }
}

/** The facts by which the dictionary's scopes are judged. */
export function examContext({ study, order }: Pick<Exam, 'study' | 'order'>): ExamContext {
  const { modality, bodyPart, itemName, sex, age } = examFacts(order, study)
  return { modality, bodyPart, itemName, patientClass: order?.patientClass ?? '', sex, age }
}

/** What goes into a document before anything is decided. */
export interface Drawn {
  exam: Exam
  text: ReportText
  amendment: Amendment | null
  keyImages: readonly KeyImage[]
  author: SessionPrincipal
  /** Who handed in what the author reviewed. */
  writtenBy: ReportDocument['writtenBy'] | null
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
  { exam, text, amendment, keyImages, author, writtenBy, ...drawn }: Drawn,
): ReportDocument {
  const { study, order } = exam
  const { preparedAt, dictionaryVersion, lastVersion } = drawn
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
    ...(writtenBy ? { writtenBy } : {}),
    ...(keyImages.length > 0 ? { keyImages: [...keyImages] } : {}),
    preparedAt,
    dictionaryVersion,
    exam: examContext(exam),
    text,
    amendment,
    decisions: [],
    standing: [],
  }
}
