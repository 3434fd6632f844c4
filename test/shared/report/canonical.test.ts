import { describe, expect, it } from 'vitest'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { ReportDocument } from '../../../src/shared/report/index.ts'

const document: ReportDocument = {
  schema: 'vigil/report/v1',
  reportId: 'r',
  version: 1,
  previous: null,
  gatewayId: 'g',
  studyInstanceUid: '1.2',
  accessionNumber: 'A1',
  patientId: 'P1',
  patientName: '张伟',
  author: { accountId: 'a', name: '李医师' },
  preparedAt: 1_795_334_400_000,
  dictionaryVersion: 'd',
  exam: { modality: 'CT', bodyPart: '', itemName: '', patientClass: '', sex: '', age: '' },
  text: { findings: '第一行\n"引号" € \u0007', impression: '' },
  amendment: null,
  decisions: [{ action: 'dismiss', section: 'findings', start: 0, end: 2, type: 'T', reason: '已通知' }],
  standing: [],
}

describe('canonical form of a report (RFC 8785)', () => {
  it('is this string, byte for byte', () => {
    expect(canonicalReport(document)).toBe(
      '{"accessionNumber":"A1","amendment":null,"author":{"accountId":"a","name":"李医师"},' +
        '"decisions":[{"action":"dismiss","end":2,"reason":"已通知","section":"findings","start":0,"type":"T"}],' +
        '"dictionaryVersion":"d",' +
        '"exam":{"age":"","bodyPart":"","itemName":"","modality":"CT","patientClass":"","sex":""},"gatewayId":"g","patientId":"P1","patientName":"张伟","preparedAt":1795334400000,' +
        '"previous":null,"reportId":"r","schema":"vigil/report/v1","standing":[],"studyInstanceUid":"1.2",' +
        '"text":{"findings":"第一行\\n\\"引号\\" € \\u0007","impression":""},"version":1}',
    )
  })

  it('does not depend on the order of keys, nor on keys that are not in the schema', () => {
    const shuffled = Object.fromEntries(Object.entries(document).reverse()) as ReportDocument
    expect(canonicalReport({ ...shuffled, extra: 1 } as ReportDocument)).toBe(canonicalReport(document))
  })

  it('refuses half a surrogate pair', () => {
    expect(() => canonicalReport({ ...document, patientName: '\ud842' })).toThrow('bad-request')
  })
})
