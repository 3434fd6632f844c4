import type { CriticalDictionary, SectionFinding } from '../../../shared/critical/model.ts'
import type { Order } from '../../../shared/order/index.ts'
import type { ReportDocument } from '../../../shared/report/index.ts'
import type { StudySummary } from '../../../shared/study/index.ts'
import { examFacts } from '../../orders/index.ts'
import { excerptAround } from './excerpt.ts'
import type { RaisedAlert } from './raised-alert.ts'

/** What alerts are made from: the document that was signed, the gateway's findings in it, and the exam's facts. */
export interface SignedFindings {
  document: ReportDocument
  findings: readonly SectionFinding[]
  /** Null where no order came: the facts are then the study's DICOM attributes. */
  order: Order | null
  study: StudySummary
  signedAt: number
}

/** One alert for each alert decision of the document, in its order. */
export function assembleAlerts(
  signed: SignedFindings,
  dictionary: CriticalDictionary,
  newId: () => string,
): RaisedAlert[] {
  const { document, findings, order, study, signedAt } = signed
  const facts = examFacts(order, study)
  return document.decisions
    .filter((decision) => decision.action === 'alert')
    .map((decision) => {
      const text = document.text[decision.section]
      const entry = dictionary.entries.find((candidate) => candidate.code === decision.alertType)
      if (!entry) throw new RangeError('alert of a type that is not in the dictionary')
      const finding = findings.find(
        (candidate) =>
          candidate.section === decision.section &&
          candidate.start === decision.start &&
          candidate.end === decision.end &&
          candidate.type === decision.type,
      )
      return {
        id: newId(),
        type: entry.code,
        typeName: entry.nameZh,
        level: decision.level,
        dictionaryVersion: document.dictionaryVersion,
        content: decision.content,
        keyword: text.slice(decision.start, decision.end),
        excerpt: excerptAround(text, decision.start, decision.end),
        findingType: finding?.type ?? null,
        side: finding?.side ?? null,
        recipient: decision.recipient,
        timing: {
          deadlines: dictionary.rules.deadlines[decision.level],
          closeAfterHours: dictionary.rules.closeAfterHours,
        },
        escalation: dictionary.rules.escalation,
        repeats: decision.repeats,
        raisedAt: signedAt,
        patient: {
          id: facts.patientId,
          name: facts.patientName,
          namePinyin: facts.patientNamePinyin,
          sex: facts.sex,
          birthDate: facts.birthDate,
          age: facts.age,
          patientClass: order?.patientClass ?? '',
          visitNumber: order?.visitNumber ?? '',
          ward: order?.ward ?? '',
          bed: order?.bed ?? '',
          phone: order?.phone ?? '',
        },
        order: {
          accessionNumber: document.accessionNumber,
          applicationNumber: order?.applicationNumber ?? '',
          itemCode: order?.itemCode ?? '',
          itemName: facts.itemName,
          orderingDoctor: order?.orderingDoctor ?? '',
          orderingDepartment: order?.orderingDepartment ?? '',
        },
        exam: {
          studyInstanceUid: document.studyInstanceUid,
          modality: facts.modality,
          bodyPart: facts.bodyPart,
          examAt: facts.examAt,
          reportId: document.reportId,
          reportVersion: document.version,
        },
        reporter: { accountId: document.author.accountId, name: document.author.name },
      }
    })
}
