import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from '@cantoo/pdf-lib'
import { describe, expect, it } from 'vitest'
import { printReport } from '../../../src/main/prints/index.ts'
import type { SignedIn } from '../../../src/main/session/index.ts'
import { api } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { ShownReport, SignedReport } from '../../../src/shared/report/index.ts'

const image = Buffer.from('not really a PNG: what is attached is the gateway’s bytes, whatever they are')
const imageId = createHash('sha256').update(image).digest('hex')
const study = '1.2.3'
const report = {
  document: {
    accessionNumber: 'CT001',
    version: 2,
    studyInstanceUid: study,
    text: { findings: '左肺上叶结节。', impression: '建议复查。' },
    keyImages: [{ id: imageId, series: '1.2', instance: '1.3', frame: 1, caption: '', width: 1, height: 1 }],
  },
  signature: 'c2lnbmF0dXJl',
  algorithm: 'ECDSA-SHA256',
  certificate: 'MII=',
  signedAt: Date.UTC(2026, 10, 23),
} as unknown as SignedReport

/** A session on a gateway that has the report, and a shell; what happened, in order. */
function desk(onRecord: () => void = () => undefined, shown: ShownReport = report) {
  const happened: string[] = []
  const saved = new Map<string, Buffer>()
  const inFlight = new AbortController()
  const call = (async (route: object, { body }: { body?: object }) => {
    if (route === api.report) return { versions: [shown] }
    if (route === api.keyImage) return { png: image.toString('base64') }
    happened.push(`record ${JSON.stringify(body)}`)
    onRecord()
    return {}
  }) as unknown as SignedIn['call']
  const shell = {
    async pdf() {
      happened.push('pdf')
      const page = await PDFDocument.create()
      page.addPage([200, 200])
      return page.save()
    },
    async print() {
      happened.push('print')
    },
    async saveFile(fileName: string, content: Uint8Array) {
      happened.push('save')
      saved.set(fileName, Buffer.from(content))
      return `/chosen/${fileName}`
    },
  }
  const print = (format: 'pdf' | 'paper' | 'json', version = 2) =>
    printReport({ call, inFlight }, shell, { study, version, format, fileName: `报告.${format}` })
  return { happened, saved, inFlight, print }
}

describe('a signed report that leaves the workstation', () => {
  it('as it is seen where fields of it are masked: nothing attached, and not as a document', async () => {
    const veiled = { ...report, veiled: { fields: ['patientName' as const], digest: 'ab'.repeat(32) } }
    const { print, happened, saved } = desk(undefined, veiled)
    await expect(print('json')).rejects.toMatchObject({ code: 'permission-denied' })
    expect(happened).toEqual([])
    await print('pdf')
    expect(happened).toEqual(['record {"version":2,"format":"pdf"}', 'pdf', 'save'])
    const pdf = saved.get('报告.pdf') ?? Buffer.alloc(0)
    expect((await PDFDocument.load(pdf)).getPageCount()).toBe(1)
    expect(pdf.includes('vigil-report.json')).toBe(false)
  })

  it('as PDF is recorded first and carries the signed version and its key images, as another program finds them', async () => {
    const { print, happened, saved } = desk()
    expect(await print('pdf')).toEqual({ path: '/chosen/报告.pdf' })
    expect(happened).toEqual(['record {"version":2,"format":"pdf"}', 'pdf', 'save'])
    const folder = mkdtempSync(join(tmpdir(), 'vigil-print-'))
    try {
      const file = join(folder, 'report.pdf')
      writeFileSync(file, saved.get('报告.pdf') ?? '')
      const run = spawnSync('pdfdetach', ['-saveall', '-o', folder, file])
      expect(run.status, String(run.stderr)).toBe(0)
      expect(JSON.parse(readFileSync(join(folder, 'vigil-report.json'), 'utf8'))).toEqual(report)
      expect(readFileSync(join(folder, `key-image-${imageId}.png`))).toEqual(image)
      // What indexes and file managers show names no patient.
      const facts = spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout
      expect(facts).toContain('Vigil CT001 v2')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('goes to the printer or into a file of its own likewise', async () => {
    const paper = desk()
    expect(await paper.print('paper')).toEqual({ path: null })
    expect(paper.happened).toEqual(['record {"version":2,"format":"paper"}', 'print'])
    const json = desk()
    await json.print('json')
    expect(json.happened).toEqual(['record {"version":2,"format":"json"}', 'save'])
    expect(JSON.parse(String(json.saved.get('报告.json')))).toEqual(report)
  })

  it('does not leave where the gateway did not record it, the session was locked, or there is no such version', async () => {
    const refused = desk(() => {
      throw new VigilError('permission-denied')
    })
    await expect(refused.print('pdf')).rejects.toMatchObject({ code: 'permission-denied' })
    const locked = desk(() => locked.inFlight.abort())
    await expect(locked.print('pdf')).rejects.toMatchObject({ code: 'session-locked' })
    await expect(locked.print('paper')).rejects.toMatchObject({ code: 'session-locked' })
    const unknown = desk()
    await expect(unknown.print('pdf', 3)).rejects.toMatchObject({ code: 'not-found' })
    const all = [...refused.happened, ...locked.happened, ...unknown.happened]
    expect(all.filter((each) => !each.startsWith('record'))).toEqual([])
  })
})
