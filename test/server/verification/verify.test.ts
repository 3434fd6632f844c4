import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHospitalCa, type HospitalCa, type KeyType, type UserKey } from '../../../demo/hospital-ca.ts'
import { projectRoot } from '../../../demo/places.ts'
import { withSignedReport } from '../../../src/main/prints/attach.ts'
import { pemCertificates } from '../../../src/server/identity/index.ts'
import { x509 } from '../../../src/server/pki/index.ts'
import {
  readReportFile,
  UnreadableError,
  verificationLines,
  verifyReports,
} from '../../../src/server/verification/index.ts'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { ReportDocument, SignedReport } from '../../../src/shared/report/index.ts'
import { reportStatement } from '../../../src/shared/signing/statement.ts'
import { aReport } from '../../main/reports/a-report.ts'
import { tokenSign } from '../sign-in-client.ts'

const now = Date.UTC(2026, 10, 23, 8)
const day = 86_400_000
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest()
const image = Buffer.from('the pixels that were signed')
const keyImage = {
  id: sha256(image).toString('hex'),
  series: '1.2.3.1',
  instance: '1.2.3.1.1',
  frame: 1,
  caption: '结节',
  width: 10,
  height: 10,
}

let dir: string
let hospital: HospitalCa
let key: UserKey
let anchors: ReturnType<typeof pemCertificates>
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-verify-'))
  hospital = await createHospitalCa({ commonName: 'Hospital CA', now })
  key = await hospital.issue({ commonName: '李医师', keyType: 'P-256' })
  anchors = pemCertificates(hospital.certificatePem)
  writeFileSync(join(dir, 'ca.pem'), hospital.certificatePem)
})
afterAll(() => rmSync(dir, { recursive: true }))

const algorithmOf = {
  'RSA-2048': 'RSA-PKCS1-SHA256',
  'P-256': 'ECDSA-SHA256',
  'P-384': 'ECDSA-SHA384',
} as const

/** The document signed as a token signs it, a minute after it was prepared. */
function signed(change: Partial<ReportDocument> = {}, by = key, type: KeyType = 'P-256'): SignedReport {
  const document = aReport({ preparedAt: now, ...change })
  const statement = reportStatement({
    gatewayId: document.gatewayId,
    documentHash: sha256(canonicalReport(document)),
    certificateHash: sha256(by.certificateDer),
  })
  const algorithm = algorithmOf[type]
  const signer = { certificateDer: by.certificateDer, privateKeyPem: by.privateKeyPem, algorithm }
  return {
    document,
    signature: tokenSign(signer, statement).toString('base64'),
    algorithm,
    certificate: by.certificateDer.toString('base64'),
    signedAt: document.preparedAt + 60_000,
  }
}

const verify = (reports: SignedReport[], images: Uint8Array[] = [], trusted = anchors) =>
  verifyReports(
    reports.map((report) => ({ report, raw: report.document })),
    { anchors: trusted, intermediates: [] },
    images,
  )
const failing = (reports: SignedReport[], images?: Uint8Array[], trusted?: typeof anchors) =>
  verify(reports, images, trusted)
    .checks.filter(({ holds }) => holds === false)
    .map(({ what }) => what)

describe('a signed report, later', () => {
  it.each(['P-256', 'P-384', 'RSA-2048'] as const)('holds, by a key of %s', async (type) => {
    const by = await hospital.issue({ commonName: '王医师', keyType: type })
    const found = verify([signed({}, by, type)])
    expect(found.holds).toBe(true)
    expect(found.checks.every(({ holds }) => holds)).toBe(true)
    expect(found.versions[0]).toMatchObject({ signer: 'CN=王医师', issuer: 'CN=Hospital CA' })
  })

  it.each<[string, (report: SignedReport) => SignedReport, string[]]>([
    [
      'a changed text',
      (r) => ({ ...r, document: { ...r.document, text: { findings: '未见异常', impression: '' } } }),
      ['signature'],
    ],
    ['a decision that is gone', (r) => ({ ...r, document: { ...r.document, decisions: [] } }), ['signature']],
    [
      'another who wrote it',
      (r) => ({
        ...r,
        document: { ...r.document, writtenBy: { accountId: 'x', name: '某', submittedAt: 1 } },
      }),
      ['signature'],
    ],
    [
      'key images left out',
      ({ document: { keyImages: _, ...document }, ...r }) => ({ ...r, document }),
      ['signature'],
    ],
    [
      'another signature',
      (r) => ({ ...r, signature: Buffer.alloc(70, 1).toString('base64') }),
      ['signature'],
    ],
    ['another algorithm', (r) => ({ ...r, algorithm: 'ECDSA-SHA384' }), ['signature']],
    ['another time of signing', (r) => ({ ...r, signedAt: r.signedAt + 3_600_000 }), ['signing-time']],
    [
      'a time before it was prepared',
      (r) => ({ ...r, signedAt: r.document.preparedAt - 1 }),
      ['signing-time'],
    ],
    [
      'a certificate that is none',
      (r) => ({ ...r, certificate: 'AAAA' }),
      ['signature', 'certificate-chain'],
    ],
    [
      'a certificate with bytes behind it',
      (r) => ({
        ...r,
        certificate: Buffer.concat([Buffer.from(r.certificate, 'base64'), Buffer.of(0)]).toString('base64'),
      }),
      ['signature'],
    ],
  ])('does not with %s', (_name, change, expected) => {
    const decisions: ReportDocument['decisions'] = [
      { action: 'dismiss', section: 'findings', start: 0, end: 3, type: 'ICH', reason: '陈旧性' },
    ]
    const report = signed({ decisions, keyImages: [keyImage] })
    expect(failing([report], [image])).toEqual([])
    const changed = verify([change(report)])
    expect(changed.holds).toBe(false)
    expect(changed.checks.filter(({ holds }) => holds === false).map(({ what }) => what)).toEqual(expected)
  })

  it('does not with another person’s certificate, another CA’s, or no CA at all', async () => {
    const other = await hospital.issue({ commonName: '李医师', keyType: 'P-256' })
    expect(failing([{ ...signed(), certificate: other.certificateDer.toString('base64') }])).toEqual([
      'signature',
    ])
    const elsewhere = await createHospitalCa({ commonName: 'Hospital CA', now })
    expect(failing([signed()], [], pemCertificates(elsewhere.certificatePem))).toEqual(['certificate-chain'])
    const forged = await elsewhere.issue({ commonName: '李医师', keyType: 'P-256' })
    expect(failing([signed({}, forged)])).toEqual(['certificate-chain'])
    expect(verify([signed()], [], [])).toMatchObject({ holds: false })
  })

  it('holds once the certificate has expired, and does not where it had expired then, or was not for signing', async () => {
    const brief = await hospital.issue({ commonName: '李医师', keyType: 'P-256', notAfter: now + 120_000 })
    expect(verify([signed({}, brief)]).holds).toBe(true)
    const expired = await hospital.issue({ commonName: '李医师', keyType: 'P-256', notAfter: now - 1 })
    expect(failing([signed({}, expired)])).toEqual(['certificate-validity'])
    const notYet = await hospital.issue({ commonName: '李医师', keyType: 'P-256', notBefore: now + day })
    expect(failing([signed({}, notYet)])).toEqual(['certificate-validity'])
    const extensions = [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyEncipherment, true)]
    const wrongUse = await hospital.issue({ commonName: '李医师', keyType: 'P-256', extensions })
    expect(failing([signed({}, wrongUse)])).toEqual(['certificate-use'])
  })

  it('does not where its file says more than was signed', () => {
    const report = signed()
    const raw = { ...report.document, remark: '未见异常' }
    const found = verifyReports([{ report, raw }], { anchors, intermediates: [] }, [])
    expect(found.holds).toBe(false)
    expect(found.checks.find(({ holds }) => holds === false)).toMatchObject({ what: 'document' })
  })

  it('follows the version before, by its hash', () => {
    const first = signed()
    const previous = sha256(canonicalReport(first.document)).toString('hex')
    const amendment = { kind: 'addendum' as const, reason: '补充' }
    const second = signed({ version: 2, previous, amendment })
    expect(verify([second, first])).toMatchObject({ holds: true })
    // Alone it holds, and it is said that one is missing.
    const alone = verify([second])
    expect(alone.holds).toBe(true)
    expect(alone.checks.find(({ what }) => what === 'version-chain')).toMatchObject({ holds: null })
    const other = signed({ text: { findings: '脑梗死', impression: '' } })
    for (const chain of [
      [other, second],
      [first, first],
      [first, signed({ version: 2, previous, amendment, reportId: 'r2' })],
      [signed({ previous })],
      [signed({ version: 2, previous: null, amendment })],
    ])
      expect(failing(chain)).toEqual(['version-chain'])
  })

  it('has the key images that were signed, and no other', () => {
    const report = signed({ keyImages: [keyImage] })
    expect(verify([report], [image]).holds).toBe(true)
    const without = verify([report])
    expect(without.holds).toBe(true)
    expect(without.checks.find(({ what }) => what === 'key-images')).toMatchObject({ holds: null })
    expect(failing([report], [image, Buffer.from('another')])).toEqual(['key-images'])
    expect(failing([signed()], [image])).toEqual(['key-images'])
  })

  it('is told without its text, and without what would steer a terminal', () => {
    const document = {
      author: { accountId: 'a', name: '李\u001b[2J医师' },
      text: { findings: '脑出血', impression: '' },
    }
    const found = verify([signed(document)])
    const lines = verificationLines(found, { text: false }).join('\n')
    expect(lines).toContain('验证通过 / VERIFIED')
    for (const hidden of ['脑出血', '王五', '\u001b']) expect(lines).not.toContain(hidden)
    expect(verificationLines(found, { text: true }).join('\n')).toContain('脑出血')
  })
})

describe('a file', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(dir, name)
    writeFileSync(path, content)
    return path
  }
  async function pdfOf(report: SignedReport | null) {
    const page = await PDFDocument.create()
    page.addPage([100, 100])
    const pdf = await page.save({ useObjectStreams: false })
    return report ? withSignedReport(pdf, report, [{ id: keyImage.id, png: image }]) : pdf
  }

  it('is a signed version, a list of them, or a PDF with one and its key images', async () => {
    const report = signed({ keyImages: [keyImage] })
    const one = await readReportFile(file('one.json', JSON.stringify(report)))
    expect(one).toMatchObject({ versions: [{ report, raw: report.document }], images: [] })
    expect((await readReportFile(file('list.json', JSON.stringify([report, report])))).versions).toHaveLength(
      2,
    )
    const pdf = await readReportFile(file('report.pdf', await pdfOf(report)))
    expect(pdf.versions).toEqual([{ report, raw: report.document }])
    expect(verifyReports(pdf.versions, { anchors, intermediates: [] }, pdf.images).holds).toBe(true)
  })

  it('that is none of these is refused, with why and without what it holds', async () => {
    const report = signed({ keyImages: [keyImage] })
    const pdf = await pdfOf(report)
    const json = JSON.stringify(report)
    const swollen = await PDFDocument.create()
    await swollen.attach(Buffer.alloc(20_000_000), 'vigil-report.json')
    const many = await PDFDocument.create()
    for (let i = 0; i < 20; i++) await many.attach(Buffer.alloc(15_000_000), `key-image-${i}.png`)
    // What the parser would unpack without a bound before anybody looks at it, also under a name that is spelled otherwise.
    const bomb = deflateSync(Buffer.alloc(1_000_000, 32))
    const packed = (type: string) =>
      Buffer.concat([
        Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n'),
        Buffer.from(
          `9 0 obj\n<< /Type ${type} /N 1 /First 9 /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n`,
        ),
        bomb,
        Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF'),
      ])
    const broken: [string, string | Uint8Array, string][] = [
      ['cut.json', json.slice(0, -20), 'neither'],
      ['latin.json', Buffer.from([0x7b, 0xff, 0x7d]), 'neither'],
      ['other.json', '{"document":{"text":"脑出血"}}', 'not a signed report'],
      ['empty.json', '[]', 'holds no report'],
      ['cut.pdf', pdf.slice(0, 300), 'damaged'],
      ['without.pdf', await pdfOf(null), 'no signed report is attached'],
      ['only-header.pdf', '%PDF-1.7\n', 'damaged'],
      ['swollen.pdf', await swollen.save({ useObjectStreams: false }), 'damaged'],
      ['many.pdf', await many.save({ useObjectStreams: false }), 'damaged'],
      ['packed.pdf', packed('/ObjStm'), 'damaged'],
      ['spelled.pdf', packed('/#4fbj#53tm'), 'damaged'],
      ['cross.pdf', packed('/XRef'), 'damaged'],
      ['deep.pdf', `%PDF-1.7\n9 0 obj\n${'['.repeat(200_000)}`, 'damaged'],
    ]
    for (const [name, content, why] of broken) {
      const error = await readReportFile(file(name, content)).catch((thrown: unknown) => thrown)
      expect(error, name).toBeInstanceOf(UnreadableError)
      expect(String(error), name).toContain(why)
      expect(String(error), name).not.toContain('脑出血')
    }
    await expect(readReportFile(join(dir, 'missing.json'))).rejects.toThrow('cannot be read')
  })

  it('is verified on the command line, which says so by its exit code', async () => {
    const report = signed({ keyImages: [keyImage] })
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['src/server/cli/vigil.ts', 'report', 'verify', ...args], {
        cwd: projectRoot,
        encoding: 'utf8',
      })
    const ca = ['--ca', join(dir, 'ca.pem')]
    const good = run(file('good.pdf', await pdfOf(report)), ...ca)
    expect([good.status, good.stderr]).toEqual([0, ''])
    expect(good.stdout).toContain('✓ 通过  v1 签名与报告内容一致')
    const text = { findings: '未见异常', impression: '' }
    const changed = { ...report, document: { ...report.document, text } }
    const bad = run(file('bad.json', JSON.stringify(changed)), ...ca)
    expect([bad.status, bad.stdout.includes('NOT VERIFIED')]).toEqual([1, true])
    const none = run(file('none.json', '{'), ...ca)
    expect([none.status, none.stdout]).toEqual([2, ''])
    expect(none.stderr).toContain('neither a PDF nor whole JSON')
  }, 60_000)
})
