import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../demo/places.ts'
import { framePath } from '../../src/shared/ipc/index.ts'
import { receiverSkipReason } from '../hl7-receiver/index.ts'
import { accessible } from '../renderer/window/axe.ts'
import { type ClinicalDesk, clinicalDesk } from './clinical-desk.ts'
import { demoOrder } from './hospital.ts'
import { createReadingHospital, pin, type ReadingHospital, type Seat } from './reading-hospital.ts'
import { stopAtFirstFailure } from './steps.ts'
import { complaintsBeyondCutOff, shellUnderTest } from './window.ts'

/**
 * Two people at two workstations: a resident's report on its way through review to paper that proves itself; an exam that not
 * everybody may see; exams that two people want at once.
 */

const order = demoOrder('CT26011015')
const hidden = demoOrder('DX26011043')
const claimed = demoOrder('MR26011071')
const queue = ['DX26011029', 'DX26011036', 'DX26011085', 'US26011057'].map(demoOrder)
const findings =
  '左侧额颞部颅骨内板下见梭形高密度影，边界清楚，最大厚度约12mm，诊断为急性硬膜外血肿。中线结构居中。'
const comment = '请补充血肿的大致出血量'
const missing =
  receiverSkipReason ??
  (spawnSync('pdftotext', ['-v']).error ? 'pdftotext (poppler-utils) is not there' : null)

type Answer = { ok: boolean; failure?: { code: string } }

describe.skipIf(missing)(
  `the reading room with two people (${shellUnderTest} shell)${missing ? `: ${missing}` : ''}`,
  () => {
    let room: ReadingHospital
    /** The resident's and later the radiologist's of little clearance; the reviewer's and later the auditor's. */
    let left: Seat
    let right: Seat
    let [atLeft, atRight] = [] as unknown as [ClinicalDesk, ClinicalDesk]
    let pdf: string

    /** Calls a function of the bridge as the page could. */
    const call = (seat: Seat, name: string, args: object): Promise<Answer> =>
      seat.page.evaluate(
        ([name, args]) =>
          (globalThis as unknown as { vigil: Record<string, (args: unknown) => Promise<Answer>> }).vigil[
            name as string
          ]!(args),
        [name, args] as const,
      )
    const rowText = (row: Locator) => row.innerText()
    const writeIn = async (seat: Seat, section: 'findings' | 'impression', words: string) => {
      await seat.desk.byId(`editor-${section}`).click()
      await seat.page.keyboard.press('Control+A')
      await seat.page.keyboard.insertText(words)
    }
    const handIn = async () => {
      await left.desk.byId('submit-report').click()
      await left.desk.byId('hand-suspected').waitFor()
      await left.desk.byId('hand-go').click()
      await left.desk.byId('review-banner').and(left.page.locator('[data-standing=handed-in]')).waitFor()
    }
    const takeReview = async () => {
      await atRight.open(order.accessionNumber)
      await right.desk.byId('take-review').click()
      await right.desk.byId('review-banner').and(right.page.locator('[data-standing=reviewing]')).waitFor()
      await right.desk.byId('report-editor').waitFor()
    }
    const verify = (file: string) =>
      spawnSync(
        process.execPath,
        ['src/server/cli/vigil.ts', 'report', 'verify', file, '--ca', join(room.hospital.dir, 'ca.pem')],
        { cwd: projectRoot, encoding: 'utf8' },
      )

    beforeAll(async () => {
      room = await createReadingHospital(
        [
          { login: 'sun.yue', name: '孙悦', roles: ['resident'] },
          { login: 'li.wei', name: '李伟', roles: ['radiologist'] },
          { login: 'zhang.min', name: '张敏', roles: ['radiologist'], clearance: 'highly-sensitive' },
          { login: 'sun.jie', name: '孙洁', roles: ['auditor'] },
        ],
        [order, hidden, claimed, ...queue].map(({ accessionNumber }) => accessionNumber),
      )
      ;[left, right] = await Promise.all([
        room.seat('阅片室 1 号', ['sun.yue', 'li.wei']),
        room.seat('阅片室 2 号', ['zhang.min', 'sun.jie']),
      ])
      for (const { page } of [left, right]) await page.setViewportSize({ width: 1366, height: 768 })
      ;[atLeft, atRight] = [clinicalDesk(left.desk), clinicalDesk(right.desk)]
      await Promise.all([left.desk.signIn('sun.yue', { pin }), right.desk.signIn('zhang.min', { pin })])
      await Promise.all([left.desk.isIn('孙悦'), right.desk.isIn('张敏')])
    })
    stopAtFirstFailure(() => right?.page)
    afterAll(() => room?.close())

    it('a resident writes and hands in a critical finding; it comes up in the reviewer’s list, marked, without a reload', async () => {
      await right.desk.byId('view-to-review').click()
      await right.desk.byId('worklist-empty').waitFor()
      await accessible(right.page, 'empty view')
      await right.page.evaluate('globalThis.notReloaded = true')
      await atLeft.open(order.accessionNumber)
      await writeIn(left, 'findings', findings)
      await writeIn(left, 'impression', '左侧额颞部急性硬膜外血肿。')
      expect(await left.desk.byId('sign-off').count()).toBe(0)
      await left.page.keyboard.press('F2')
      await left.page.keyboard.press('k')
      await left.desk.byId('key-image').locator('img').waitFor()
      await left.desk.byId('finding').first().waitFor()
      await handIn()
      const row = atRight.exam(order.accessionNumber)
      await row.waitFor()
      expect(await rowText(row)).toMatch(/待审核/)
      expect(await rowText(row)).toMatch(/疑似/)
      expect(await rowText(row)).toContain('孙悦')
      expect(await right.page.evaluate('globalThis.notReloaded')).toBe(true)
    })

    it('the reviewer takes it, changes a word, and gives it back with a comment', async () => {
      await takeReview()
      await writeIn(right, 'impression', '左侧额颞部急性硬膜外血肿，请急诊处理。')
      await right.desk.byId('reject').click()
      await right.desk.byId('comment').fill(comment)
      await accessible(right.page, 'review')
      await right.desk.byId('comment-go').click()
      await right.desk
        .byId('review-banner')
        .and(right.page.locator('[data-standing=given-back-to-other]'))
        .waitFor()
      await atRight.backToList()
    })

    it('the resident reads the comment, corrects, and hands in again', async () => {
      await left.desk.byId('review-comment').waitFor()
      expect(await left.desk.byId('review-comment').innerText()).toContain(comment)
      expect(await left.desk.byId('editor-impression').innerText()).toContain('请急诊处理')
      await writeIn(left, 'findings', findings.replace('中线', '出血量约30ml。中线'))
      await handIn()
      await atLeft.backToList()
    })

    it('the reviewer signs, with the alert; what each changed and when stays', async () => {
      await takeReview()
      await atRight.toSignOff()
      await atRight.alertAll()
      await atRight.sign(pin)
      await right.desk.byId('signed-close').click()
      await room.receiver.until(() => JSON.stringify(room.receiver.messages).includes(order.patientName))
      await right.desk.byId('tool-history').click()
      const rows = right.desk.byId('history-row')
      await rows.first().waitFor()
      await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(6)
      const all = (await rows.allInnerTexts()).join('\n')
      for (const words of ['孙悦', '张敏', comment]) expect(all).toContain(words)
      expect(all.match(/\d\d:\d\d/g)?.length).toBeGreaterThanOrEqual(6)
      await accessible(right.page, 'history')
      await right.page.keyboard.press('Escape')
      await right.desk.byId('history').waitFor({ state: 'detached' })
    })

    it('is printed with both names, text that can be read out, and what proves it', async () => {
      await right.desk.byId('print-open').click()
      await right.desk.byId('report-sheet').first().waitFor()
      await accessible(right.page, 'print preview')
      const picture = right.desk.byId('report-sheet').first().locator('.sheet-image img')
      expect(
        await picture.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(200)
      await right.desk.byId('print-pdf').click()
      await right.desk.byId('print-done').getByText('.pdf').waitFor()
      await right.page.keyboard.press('Escape')
      const [file] = readdirSync(right.exportsDir).filter((name) => name.endsWith('.pdf'))
      pdf = join(right.exportsDir, file!)
      const { stdout } = spawnSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
      const words = stdout.replace(/\s/g, '')
      for (const each of [
        '急性硬膜外血肿',
        '出血量约30ml',
        '孙悦',
        '张敏',
        order.patientName,
        order.accessionNumber,
      ])
        expect(words, each).toContain(each)
      expect(stdout).not.toContain('请补充')
      const pictures = spawnSync('pdfimages', ['-list', pdf], { encoding: 'utf8' }).stdout
      expect(pictures).toMatch(/\bimage\b/)
    })

    it('is verified from the paper’s twin; with one byte of what was signed changed it is not', async () => {
      const good = verify(pdf)
      expect(good.stdout).toMatch(/✓.*关键图像与签名时一致/)
      expect(good.status).toBe(0)
      const changed = join(room.hospital.dir, 'changed.pdf')
      writeFileSync(changed, await withOneByteChanged(readFileSync(pdf)))
      const bad = verify(changed)
      expect(bad.status).toBe(1)
      expect(bad.stdout + bad.stderr).not.toContain('额颞部')
    })

    it('masks an exam above a person’s clearance, and refuses its images and its report', async () => {
      await Promise.all([left.desk.signOut(), atRight.backToList()])
      await left.desk.signIn('li.wei', { pin })
      await left.desk.byId('worklist').waitFor()
      const seen = atLeft.exam(hidden.accessionNumber)
      await seen.getByText(hidden.patientName).waitFor()
      await right.desk.byId('view-all').click()
      await atRight.exam(hidden.accessionNumber).click()
      await right.page.keyboard.press('Shift+L')
      await right.desk.byId('label-choice').getByText('高度敏感').click()
      await right.desk.byId('label-reason').fill('本院职工，按保密要求')
      await right.desk.submit()
      await seen.getByTestId('label-mark').waitFor()
      await expect.poll(() => rowText(seen)).not.toContain(hidden.patientName)
      expect(await rowText(seen)).not.toContain(hidden.itemName)
      const search = left.desk.byId('worklist-search')
      for (const name of [hidden.patientName, hidden.patientId]) {
        await search.fill(name)
        await left.desk.byId('worklist-empty').waitFor()
      }
      await search.fill(hidden.accessionNumber)
      await seen.waitFor()
      const study = hidden.studyInstanceUid ?? ''
      for (const [name, args] of [
        ['studyOpen', { study }],
        ['reportOpen', { study }],
        ['studyPriors', { study }],
      ] as const)
        expect(await call(left, name, args), name).toMatchObject({
          ok: false,
          failure: { code: 'study-restricted' },
        })
      const frame = await left.page.evaluate(
        async (path) => {
          const answer = await fetch(path)
          return `${answer.headers.get('content-type')} ${await answer.text()}`
        },
        framePath(study, `${study}.1`, `${study}.1.1`, 1),
      )
      expect(frame).toMatch(/json.*study-restricted/)
    })

    it('is opened by breaking the glass, with a reason', async () => {
      await atLeft.exam(hidden.accessionNumber).dblclick()
      await left.desk.byId('glass-reason').fill('急诊会诊，需立即对比')
      await accessible(left.page, 'break-glass')
      await left.desk.byId('action-submit').click()
      await left.desk.byId('exam-facts').getByText(hidden.patientName).waitFor()
      await left.page.locator('[data-viewport-state=loaded]').first().waitFor()
      await atLeft.backToList()
    })

    it('asks before an exam is opened that another has claimed: to look at it only, or to take it over', async () => {
      await left.desk.byId('worklist-search').fill('')
      await atLeft.exam(claimed.accessionNumber).click()
      await left.page.keyboard.press('c')
      await atLeft.exam(claimed.accessionNumber).getByTestId('claim').waitFor()
      const row = atRight.exam(claimed.accessionNumber)
      await row.getByTestId('claim').getByText('李伟').waitFor()
      await row.dblclick()
      await right.desk.byId('claimed-dialog').waitFor()
      await right.desk.byId('open-read-only').click()
      await right.desk.byId('read-only-exam').waitFor()
      expect(await right.desk.byId('editor-findings').count()).toBe(0)
      await right.desk.byId('take-over').click()
      await right.desk.byId('editor-findings').waitFor()
      await atRight.backToList()
      await row.getByTestId('claim').getByText('李伟').waitFor({ state: 'detached' })
    })

    it('never gives two people who press the key for the next case at once the same one', async () => {
      const uid = (seat: Seat) => seat.desk.byId('reading-room').getAttribute('data-study')
      for (const seat of [left, right]) await seat.desk.byId('view-to-report').click()
      await Promise.all([left.page.keyboard.press('n'), right.page.keyboard.press('n')])
      const had = [await uid(left), await uid(right)]
      expect(new Set(had).size).toBe(2)
      for (let turn = 0; turn < 3; turn += 1) {
        const before = [await uid(left), await uid(right)]
        await Promise.all([left, right].map((seat) => seat.page.keyboard.press('Alt+ArrowRight')))
        await expect
          .poll(async () => (await uid(left)) !== before[0] && (await uid(right)) !== before[1])
          .toBe(true)
        expect(await uid(left)).not.toBe(await uid(right))
      }
    })

    it('tells the auditor who opened what another may not see, why, and who took an exam over', async () => {
      await right.desk.signOut()
      await right.desk.signIn('sun.jie', { pin })
      await right.desk.isIn('孙洁')
      await right.desk.area('audit')
      for (const [action, words] of [
        ['紧急访问受限检查', '急诊会诊，需立即对比'],
        ['设置检查敏感标记', '本院职工'],
        ['接手他人认领的检查', '张敏'],
      ] as const)
        expect(await (await right.desk.record(action)).innerText()).toContain(words)
    })

    it('leaves an audit that verifies, nothing readable in a file, and no complaint in a window', async () => {
      expect((await room.hospital.withFoundation(({ audit }) => audit.verify())).faults).toEqual([])
      for (const seat of [left, right]) await seat.close()
      for (const needle of [pin, comment, '本院职工', '硬膜外'])
        expect(
          room.hospital.filesContaining(needle).filter((file) => !file.includes('/exports/')),
          needle,
        ).toEqual([])
      expect(complaintsBeyondCutOff(left, right)).toEqual([])
    })
  },
)

/** The PDF with one letter of the signed version that is attached to it changed, and nothing else of that. */
async function withOneByteChanged(file: Buffer): Promise<Uint8Array> {
  const document = await PDFDocument.load(file, { updateMetadata: false })
  let changed = 0
  for (const [reference, object] of document.context.enumerateIndirectObjects()) {
    if (
      !(object instanceof PDFRawStream) ||
      object.dict.get(PDFName.of('Type')) !== PDFName.of('EmbeddedFile')
    )
      continue
    const content = inflateSync(object.contents)
    // 30 ml become 80.
    const at = content.indexOf('30ml')
    if (at < 0) continue
    content.writeUInt8('8'.charCodeAt(0), at)
    document.context.assign(reference, PDFRawStream.of(object.dict, deflateSync(content)))
    changed += 1
  }
  expect(changed).toBe(1)
  return document.save()
}
