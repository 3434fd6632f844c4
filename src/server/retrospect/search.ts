import type { FoundReport, ReportHit } from '../../shared/api/retrospect.ts'
import { analyseReport, type FindingGrade } from '../../shared/critical/index.ts'
import type { ReportDocument } from '../../shared/report/index.ts'
import { type InForce, rememberSentences, sentenceAround } from '../critical/index.ts'
import type { CorpusReport } from '../reports/index.ts'
import { createKeywordSearch } from './keyword.ts'

/** What is searched for; each part that is given must hold. */
export interface ReportFilter {
  keyword?: string | undefined
  type?: string | undefined
  grade?: FindingGrade | undefined
  modality?: string | undefined
}

/** Looks into one report: where what is searched for stands; null where the report is not one of those. */
export function createReportSearch(
  { keyword, type, grade, modality }: ReportFilter,
  { dictionary, analyzer }: InForce,
): (document: ReportDocument) => ReportHit[] | null {
  const words = keyword ? createKeywordSearch(keyword) : null
  const remembering = rememberSentences(analyzer)
  const names = new Map(dictionary.entries.map(({ code, nameZh }) => [code, nameZh]))
  return ({ text, exam }) => {
    if (modality !== undefined && exam.modality.toUpperCase() !== modality.toUpperCase()) return null
    const places = words ? words(text) : []
    if (!places) return null
    const hits = places.map(({ section, start, end }) => ({
      section,
      ...sentenceAround(text[section], start, end),
      type: null,
      typeName: '',
      grade: null,
    }))
    if (type === undefined && grade === undefined) return hits
    const findings = analyseReport(remembering, text, exam).filter(
      (finding) => (type ?? finding.type) === finding.type && (grade ?? finding.grade) === finding.grade,
    )
    if (findings.length === 0) return null
    return [
      ...hits,
      ...findings.map((finding) => ({
        section: finding.section,
        ...sentenceAround(text[finding.section], finding.start, finding.end),
        type: finding.type,
        typeName: names.get(finding.type) ?? finding.type,
        grade: finding.grade,
      })),
    ]
  }
}

/** What a list shows of a report. */
export function reportRow({
  reportId,
  version,
  document,
  signedAt,
}: CorpusReport): Omit<FoundReport, 'hits' | 'alerts'> {
  return {
    reportId,
    version,
    studyInstanceUid: document.studyInstanceUid,
    accessionNumber: document.accessionNumber,
    patientId: document.patientId,
    patientName: document.patientName,
    modality: document.exam.modality,
    itemName: document.exam.itemName,
    author: document.author.name,
    signedAt,
  }
}
