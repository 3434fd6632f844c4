import type { ReportDocument } from '../../../src/shared/report/index.ts'

/** A first version, prepared and not decided on; what a test is about is in `change`. */
export function aReport(change: Partial<ReportDocument> = {}): ReportDocument {
  return {
    schema: 'vigil/report/v1',
    reportId: 'r1',
    version: 1,
    previous: null,
    gatewayId: 'g1',
    studyInstanceUid: '1.2.3',
    accessionNumber: 'A1',
    patientId: 'P1',
    patientName: '王五',
    author: { accountId: 'a1', name: '张三' },
    preparedAt: 1,
    dictionaryVersion: '1',
    exam: { modality: 'CT', bodyPart: '', itemName: '', patientClass: '', sex: '', age: '' },
    text: { findings: '脑出血', impression: '' },
    amendment: null,
    decisions: [],
    standing: [],
    ...change,
  }
}
