import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  checkDocument,
  decidedDocument,
  signedVersion,
  statementFor,
} from '../../../src/main/reports/sign-off.ts'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { FindingDecision, KeyImage, ReportDocument } from '../../../src/shared/report/index.ts'
import { reportStatement } from '../../../src/shared/signing/statement.ts'
import { aReport } from './a-report.ts'

const document = aReport()
const decision: FindingDecision = {
  action: 'dismiss',
  section: 'findings',
  start: 0,
  end: 3,
  type: 'ICH',
  reason: '既往已知',
}
const nothing = { decisions: [], standing: [] }
const anImage: KeyImage = {
  id: 'a'.repeat(64),
  series: '1.2.3.1',
  instance: '1.2.3.1.1',
  frame: 1,
  caption: '',
  width: 512,
  height: 512,
}
const expected = { study: '1.2.3', gatewayId: 'g1', accountId: 'a1', amendment: null, keyImages: [] }

describe('what is signed', () => {
  it('is what the user sent, for this study, gateway and person', () => {
    const { text } = document
    expect(() => checkDocument(document, text, expected)).not.toThrow()
    const changes: Partial<ReportDocument>[] = [
      { text: { findings: '脑出血。', impression: '' } },
      { text: { findings: '脑出血', impression: ' ' } },
      { studyInstanceUid: '1.2.4' },
      { gatewayId: 'g2' },
      { author: { accountId: 'a2', name: '张三' } },
      { amendment: { kind: 'addendum', reason: '补充增强扫描结果' } },
      { keyImages: [anImage] },
    ]
    for (const change of changes) {
      expect(() => checkDocument({ ...document, ...change }, text, expected)).toThrow('report-changed')
    }
  })

  it('amends a signed report for the reason that was given, and for no other', () => {
    const { text } = document
    const amendment = { kind: 'addendum' as const, reason: '补充增强扫描结果' }
    const asked = { ...expected, amendment }
    expect(() => checkDocument({ ...document, amendment }, text, asked)).not.toThrow()
    for (const other of [
      null,
      { ...amendment, reason: '更正侧别' },
      { ...amendment, kind: 'correction' as const },
    ])
      expect(() => checkDocument({ ...document, amendment: other }, text, asked)).toThrow('report-changed')
  })

  it('is the prepared document with the decisions, and nothing that the window changed', () => {
    expect(decidedDocument(document, { ...document }, { decisions: [decision], standing: [] })).toEqual({
      ...document,
      decisions: [decision],
    })
    expect(() => decidedDocument(undefined, document, nothing)).toThrow('report-changed')
    for (const change of [{ patientName: '李四' }, { accessionNumber: 'A2' }, { version: 2 }]) {
      expect(() => decidedDocument(document, { ...document, ...change }, nothing)).toThrow('report-changed')
    }
  })

  it('verifies years later from what is stored', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const certificate = Buffer.from('certificate')
    const decided = { ...document, decisions: [decision] }
    const signature = sign('sha256', statementFor(decided, certificate), privateKey)
    const stored = signedVersion(decided, {
      certificates: [certificate],
      algorithm: 'ECDSA-SHA256',
      signature,
    })
    const hash = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest()
    const statement = reportStatement({
      gatewayId: 'g1',
      documentHash: hash(canonicalReport(stored.document)),
      certificateHash: hash(Buffer.from(stored.certificate, 'base64')),
    })
    expect(verify('sha256', statement, publicKey, Buffer.from(stored.signature, 'base64'))).toBe(true)
    const other = statementFor({ ...decided, decisions: [] }, certificate)
    expect(verify('sha256', other, publicKey, Buffer.from(stored.signature, 'base64'))).toBe(false)
  })
})
