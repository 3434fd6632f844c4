import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import type { SignedReport } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { exam, order } from './facts.ts'
import { studyUid } from './study.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const png = PNG.sync.write(new PNG({ width: 64, height: 48, fill: true }))
const keyImage = {
  id: createHash('sha256').update(png).digest('hex'),
  series: '1.2.3',
  instance: '1.2.3.4',
  frame: 1,
  caption: '左肺上叶结节',
  width: 64,
  height: 48,
}
// Longer than a page, with a character that only a Chinese font has in it.
const findings = Array.from(
  { length: 60 },
  (_, line) => `${line + 1}. 胸廓对称，纵隔居中，双肺纹理清晰，䐃旁未见明确实变影；气管及支气管通畅。`,
).join('\n')
const signed: SignedReport = {
  document: {
    schema: 'vigil/report/v1',
    reportId: 'report-1',
    version: 1,
    previous: null,
    gatewayId: 'gateway-1',
    studyInstanceUid: studyUid,
    accessionNumber: order.accessionNumber,
    patientId: order.patientId,
    patientName: order.patientName,
    author: { accountId: 'account-reviewer', name: '周启明' },
    writtenBy: { accountId: 'account-resident', name: '孙悦', submittedAt: 0 },
    keyImages: [keyImage],
    preparedAt: 0,
    dictionaryVersion: '1',
    exam,
    text: { findings, impression: '左肺上叶磨玻璃结节，建议 3 个月后复查。' },
    amendment: null,
    decisions: [],
    standing: [],
  },
  signature: 'c2lnbmF0dXJl',
  algorithm: 'ECDSA-SHA256',
  certificate: Buffer.from('a certificate').toString('base64'),
  signedAt: Date.UTC(2026, 10, 23, 2, 30),
}

describe.skipIf(noChromium)('a report on paper', () => {
  const open = windowTests({ images: false })

  it('is the sheet alone: letterhead, whose it is, text, key images and signatures, in a Chinese font of its own', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setVersions([signed])
      fake.handlers['report.key-image'] = () => ({ png: png.toString('base64') })
    })
    await openFirstStudy(page)
    await page.getByTestId('print-open').click()
    const preview = page.locator('.print-preview')
    await preview.getByTestId('report-sheet').waitFor()
    if (process.env.VIGIL_SHOTS) await page.screenshot({ path: `${process.env.VIGIL_SHOTS}/print.png` })
    await page.getByTestId('print-pdf').click()
    await eventually(() => page.getByTestId('print-done').textContent()).toContain('已保存')
    expect(workstation.callsOf('report.print')[0]?.args).toEqual({
      study: studyUid,
      version: 1,
      format: 'pdf',
      fileName: `检查报告 ${order.accessionNumber} v1.pdf`,
    })

    // As the shells print it (src/main/chromium/shell.ts).
    const session = await page.context().newCDPSession(page)
    const { data } = await session.send('Page.printToPDF', { printBackground: true, preferCSSPageSize: true })
    const folder = mkdtempSync(join(tmpdir(), 'vigil-sheet-'))
    try {
      const file = join(folder, 'sheet.pdf')
      writeFileSync(file, Buffer.from(data, 'base64'))
      spawnSync('pdftoppm', [
        '-r',
        '70',
        '-png',
        file,
        process.env.VIGIL_SHOTS ? `${process.env.VIGIL_SHOTS}/sheet` : join(folder, 'sheet'),
      ])
      const drawn = PNG.sync.read(readFileSync(join(process.env.VIGIL_SHOTS ?? folder, 'sheet-1.png')))
      // The margin too: the window is dark, paper is not.
      expect([...drawn.data.subarray(0, 3)]).toEqual([255, 255, 255])
      const read = (command: string, ...args: string[]) =>
        spawnSync(command, args, { encoding: 'utf8' }).stdout.normalize('NFKC')
      const text = read('pdftotext', '-layout', file, '-')
      const flat = text.replaceAll(/\s/g, '')
      for (const words of [
        '影像所见',
        '诊断意见',
        '建议3个月后复查',
        '孙悦',
        '周启明',
        '左肺上叶结节',
        '60.胸廓对称',
      ])
        expect(flat).toContain(words)
      const digest = createHash('sha256').update(canonicalReport(signed.document), 'utf8').digest('hex')
      expect(flat).toContain(digest)
      // Nothing of the window, and the patient on each page.
      expect(flat).not.toContain('检查列表')
      const pages = text.split('\f').filter((each) => each.trim() !== '')
      expect(pages.length).toBeGreaterThan(1)
      for (const each of pages) expect(each.replaceAll(/\s/g, '')).toContain(order.accessionNumber)
      // name, type, encoding, emb, sub, uni: every font embedded.
      const fonts = read('pdffonts', file).split('\n').slice(2).filter(Boolean)
      expect(fonts.some((font) => /NotoSansSC/.test(font))).toBe(true)
      for (const font of fonts) expect(font).toMatch(/\byes (yes|no) +(yes|no)\b/)
      expect(read('pdfimages', '-list', file)).toMatch(/64 +48/)
      expect(read('pdfinfo', file)).toMatch(/Page size: +59[45].* x 84[12].*\(A4\)/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is not printed without its key images, and says so', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      fake.setVersions([signed])
      fake.handlers['report.key-image'] = () => fake.fail('not-found')
    })
    await openFirstStudy(page)
    await page.getByTestId('print-open').click()
    await page.getByTestId('failure').waitFor()
    expect(await page.getByTestId('print-pdf').isDisabled()).toBe(true)
  })
})
