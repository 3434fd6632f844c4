import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileOfRows, rowsOfFile } from '../../../src/renderer/spreadsheet/file.ts'
import type { DictionaryContent } from '../../../src/shared/api/dictionary.ts'
import { dictionaryRows } from '../../../src/shared/dictionary/index.ts'
import { noChromium } from '../../chromium.ts'
import { colleague, defaultContent, dictionaryDesk } from './dictionary-desk.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

type Desk = ReturnType<typeof dictionaryDesk>

const part = (page: Page, name: string) =>
  page.getByTestId('dictionary-part').getByText(name, { exact: true }).click()
const saved = (page: Page) =>
  eventually(() => page.getByTestId('draft-save').getAttribute('data-state')).toBe('saved')
const choose = async (page: Page, word: string) => {
  await page.getByTestId('entry-search').fill(word)
  await page.getByTestId('entry-row').first().click()
}

describe.skipIf(noChromium)('the dictionary', () => {
  const openWindow = windowTests()
  const open = async (prepare: (desk: Desk) => void = () => undefined, content?: DictionaryContent) => {
    let desk: Desk | undefined
    const { page, workstation } = await openWindow(activeAs('quality-manager'), (fake) => {
      desk = dictionaryDesk(fake, content)
      prepare(desk)
    })
    await page.getByTestId('area-dictionary').click()
    await page.getByTestId('dictionary').waitFor()
    return { page, workstation, desk: desk as Desk }
  }

  it('in force is read only; a draft is begun, written at, and saved by itself', async () => {
    const { page, workstation, desk } = await open()
    await page.getByTestId('in-force').getByText('D1').waitFor()
    await choose(page, '肺动脉充盈缺损')
    expect(await page.getByTestId('entry-name').isDisabled()).toBe(true)
    expect(await page.getByTestId('import').isDisabled()).toBe(true)
    await page.getByTestId('begin-draft').click()
    await page.getByTestId('draft').waitFor()
    await page.getByTestId('entry-name').fill('急性肺栓塞')
    await page.getByTestId('draft-note').fill('名称统一')
    await saved(page)
    await fits(page)
    const { row, content } = desk.draft() as NonNullable<ReturnType<Desk['draft']>>
    expect(row).toMatchObject({ note: '名称统一', editors: [{ name: '李明华' }] })
    expect(content.entries.find(({ code }) => code === 'PULMONARY_EMBOLISM')?.nameZh).toBe('急性肺栓塞')
    expect(workstation.callsOf('dictionary.save-draft').length).toBeLessThanOrEqual(2)
    expect(await page.locator('.mark-changed').count()).toBe(1)
  })

  it('terms by the keyboard: Enter adds, a paste makes many, Ctrl+Z takes each back', async () => {
    const { page, desk } = await open((desk) => desk.begin())
    await choose(page, 'PULMONARY_EMBOLISM')
    const texts = () =>
      page
        .getByTestId('term-text')
        .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
    const before = await texts()
    await page.getByTestId('term-text').first().focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('骑跨血栓')
    expect((await texts())[1]).toBe('骑跨血栓')
    await page.keyboard.press('Enter')
    await page.evaluate(`{
      const data = new DataTransfer()
      data.setData('text/plain', '肺动脉血栓\\r\\nsaddle embolus\\n')
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }`)
    expect((await texts()).slice(1, 4)).toEqual(['骑跨血栓', '肺动脉血栓', 'saddle embolus'])
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await eventually(texts).toEqual([before[0], '骑跨血栓', ...before.slice(1)])
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await eventually(texts).toEqual(before)
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.press('Control+y')
    await eventually(texts).toEqual([before[0], '骑跨血栓', ...before.slice(1)])
    await page.keyboard.press('Control+s')
    await saved(page)
    const terms = desk.draft()?.content.entries.find(({ code }) => code === 'PULMONARY_EMBOLISM')?.terms
    expect(terms?.[1]).toEqual({ text: '骑跨血栓', language: 'zh' })
    // An entry removed, and back.
    await page.getByTestId('remove-entry').click()
    await eventually(() => page.getByTestId('entries-empty').count()).toBe(1)
    await page.getByTestId('undo').click()
    await eventually(() => page.getByTestId('entry-row').count()).toBe(1)
  })

  it('says what is wrong at its field, and saves nothing that the gateway would refuse', async () => {
    const { page, workstation } = await open((desk) => desk.begin())
    await page.getByTestId('add-entry').click()
    await eventually(() => page.evaluate('document.activeElement?.dataset.testid')).toBe('entry-name')
    await page.keyboard.type('迟发性血肿')
    await page.getByTestId('entry-code').fill('1迟发')
    await page.getByTestId('entry-editor').getByText('须为 2–32 位大写字母').waitFor()
    await page.getByTestId('entry-code').fill('pulmonary embolism')
    await page.getByTestId('entry-editor').getByText('与其他词条重复：PULMONARY_EMBOLISM').waitFor()
    await page.getByTestId('scope-modalities').fill('ct、mr')
    await eventually(() => page.getByTestId('scope-modalities').inputValue()).toBe('CT、MR')
    await page.getByTestId('term-open').click()
    await page.getByTestId('term-requires').check()
    await page.getByLabel('阈值', { exact: true }).fill('3x')
    await page.getByTestId('term-conditions').getByText('阈值：须为数字').waitFor()
    await eventually(() => page.getByTestId('draft-save').getAttribute('data-state')).toBe('invalid')
    await page.getByTestId('entry-row').first().click()
    await page.getByTestId('to-error').click()
    await eventually(() => page.getByTestId('entry-name').inputValue()).toBe('迟发性血肿')
    expect(workstation.callsOf('dictionary.save-draft')).toHaveLength(0)
    await page.getByTestId('entry-code').fill('DELAYED_HAEMATOMA')
    await page.getByTestId('entry-name-en').fill('Delayed haematoma')
    await page.getByTestId('term-text').fill('迟发性血肿')
    await page.getByTestId('term-open').click()
    await page.getByTestId('term-requires').uncheck()
    await saved(page)
  })

  it('grades a sentence by the draft as it stands', async () => {
    const { page } = await open((desk) => desk.begin())
    await page.getByTestId('sentence').fill('右侧未见气胸，左侧大量气胸，肺尖见滑石样结节。')
    const grades = () =>
      page
        .getByTestId('sentence-finding')
        .evaluateAll((items) => items.map((item) => item.getAttribute('data-grade')))
    await eventually(grades).toEqual(['negated', 'positive'])
    await choose(page, '大量气胸')
    await page.getByTestId('term-text').last().press('Enter')
    await page.keyboard.type('滑石样结节')
    await eventually(grades).toEqual(['negated', 'positive', 'positive'])
    // The sentence has its own undo.
    await page.getByTestId('sentence').press('End')
    await page.keyboard.type('。')
    await page.getByTestId('sentence').press('Control+z')
    await page.getByTestId('sentence').press('Control+z')
    expect(await page.getByTestId('sentence').inputValue()).toBe('')
    expect(await page.getByTestId('term-text').last().inputValue()).toBe('滑石样结节')
  })

  it('a colleague’s save is told; what was written here is kept, compared, and taken up again', async () => {
    const { page, desk } = await open((desk) => desk.begin())
    await choose(page, 'PULMONARY_EMBOLISM')
    const content = desk.draft()?.content as DictionaryContent
    desk.save(1, { ...content, rules: { ...content.rules, repeatHours: 6 } }, '', colleague)
    await page.getByTestId('entry-name').fill('我的名称')
    await page.getByTestId('clash').getByText('周启明').waitFor()
    await page.getByTestId('clash-theirs').click()
    await eventually(() => page.getByTestId('entry-name').inputValue()).toBe('肺栓塞')
    await page.getByTestId('aside-compare').click()
    await page.getByTestId('diff').getByText('我的名称').waitFor()
    await page.getByTestId('aside-take').click()
    // As soon as any edit: the pause after a refusal, of ten seconds, was for what has been settled since.
    await expect
      .poll(() => page.getByTestId('draft-save').getAttribute('data-state'), { timeout: 8_000 })
      .toBe('saved')
    expect(desk.draft()?.content.entries.some(({ nameZh }) => nameZh === '我的名称')).toBe(true)
    expect(desk.draft()?.content.rules.repeatHours).toBe(content.rules.repeatHours)
  })

  it('edits outlive a look at another area, and what is in force is not touched by them', async () => {
    const { page, workstation } = await open((desk) => desk.begin())
    await choose(page, 'PULMONARY_EMBOLISM')
    await page.getByTestId('entry-name').fill('')
    await page.getByTestId('area-reading').click()
    await page.getByTestId('area-dictionary').click()
    await eventually(() => page.getByTestId('draft-save').getAttribute('data-state')).toBe('invalid')
    await page.getByTestId('undo').click()
    await eventually(() => page.getByTestId('draft-save').getAttribute('data-state')).toBe('saved')
    expect(workstation.callsOf('dictionary.save-draft')).toHaveLength(0)
  })

  it('is tried on past reports; its writer cannot approve it and sees why', async () => {
    const { page, workstation } = await open((desk) => desk.begin())
    await page.getByTestId('next-step').click()
    await page.getByTestId('dry-run-months').selectOption('6')
    await page.getByTestId('dry-run-begin').click()
    await page.getByTestId('dry-run-progress').waitFor()
    await page.getByTestId('dry-run-summary').getByText('将新触发 540').waitFor()
    expect(workstation.callsOf('dictionary.begin-dry-run')[0]?.args).toEqual({ revision: 1, months: 6 })
    await page.getByTestId('dry-run-hit').first().locator('mark').getByText('肺动脉充盈缺损').waitFor()
    await page.getByTestId('dry-run-which').getByText('将不再触发').click()
    await eventually(() => page.getByTestId('dry-run-hit').count()).toBe(1)
    await eventually(() => page.getByTestId('draft').getAttribute('data-state')).toBe('tested')
    await page.getByTestId('next-step').click()
    await page.getByTestId('approval').getByText('您参与了编写').waitFor()
    expect(await page.getByTestId('approve').isDisabled()).toBe(true)
    await fits(page)
  })

  it('is approved by a second person, who sees everything on one page and writes at nothing by a slip', async () => {
    const { page, workstation, desk } = await open((desk) => {
      desk.begin(colleague)
      const content = defaultContent()
      const [first, ...others] = content.entries
      const entries = [
        { ...first!, terms: [...first!.terms.slice(1), { text: '新词', language: 'zh' as const }] },
        ...others.slice(1),
      ]
      const rules = {
        ...content.rules,
        deadlines: { ...content.rules.deadlines, red: { ...content.rules.deadlines.red, receiveMinutes: 3 } },
      }
      desk.save(1, { entries, rules }, '增补口语化写法', colleague)
      desk.test()
    })
    await page.getByTestId('not-yours').waitFor()
    await choose(page, '新词')
    expect(await page.getByTestId('entry-name').isDisabled()).toBe(true)
    await page.getByTestId('next-step').click()
    const approval = page.getByTestId('approval')
    await approval.getByText('周启明 编写').waitFor()
    await approval.getByText('增补口语化写法').waitFor()
    await approval.getByText('将新触发 540').waitFor()
    await approval.getByTestId('diff-line').getByText('红 · 接收时限').waitFor()
    expect(
      await approval
        .getByTestId('diff-entry')
        .evaluateAll((items) => items.map((item) => item.getAttribute('data-sign'))),
    ).toEqual(['−', '~'])
    await page.getByTestId('approve').click()
    await page.getByTestId('action-submit').click()
    await page.getByText('D2 已发布').waitFor()
    expect(desk.inForce()).toBe('D2')
    await page.getByTestId('in-force').getByText('D2').waitFor()
    await page.getByTestId('in-force').getByText('李明华 批准').waitFor()
    expect(workstation.callsOf('dictionary.save-draft')).toHaveLength(0)
    await eventually(() => page.getByTestId('draft').count()).toBe(0)
  })

  it('rules: deadlines, chain, second check and contacts', async () => {
    const { page, desk } = await open((desk) => desk.begin())
    await part(page, '规则')
    await page.getByTestId('deadlines.red.receiveMinutes').fill('40')
    await page.getByTestId('rules').getByText('处置时限短于接收时限').waitFor()
    await page.getByTestId('deadlines.red.receiveMinutes').fill('4')
    await page.getByTestId('escalation').getByRole('button', { name: '申请医师提前' }).click()
    await page.getByTestId('rules-check').selectOption('required')
    await page.getByTestId('rules').getByText('没有适用于全院的总值班联系人').waitFor()
    await page.getByTestId('add-contact').click()
    await page.getByTestId('contact').getByText('姓名/名称：必填').waitFor()
    await page.getByTestId('contact').locator('select').selectOption('duty-office')
    await page.getByTestId('contact').getByLabel('姓名/名称').fill('医务部总值班')
    await page.getByTestId('contact').getByLabel('电话').fill('8000')
    await saved(page)
    await fits(page)
    expect(desk.draft()?.content.rules).toMatchObject({
      deadlines: { red: { receiveMinutes: 4 } },
      escalation: ['doctor', 'ward', 'department-head', 'duty-office'],
      secondCheck: { mode: 'required' },
      contacts: [{ kind: 'duty-office', name: '医务部总值班', phone: '8000' }],
    })
    await part(page, '变更对照')
    await page.getByTestId('diff').getByText('联系人 · 总值班 · 全院 · 姓名/名称').waitFor()
    await page.getByTestId('diff').getByText('申请医师 → 病区 → 科主任 → 总值班').waitFor()
  })

  it('the history is looked at, compared, and begun from; a draft is given up after a question', async () => {
    const { page, desk } = await open((desk) => desk.begin())
    await page.getByTestId('discard-draft').click()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('begin-draft').waitFor()
    await part(page, '版本历史')
    await page.locator('[data-version=D2]').getByText('已放弃').waitFor()
    await page.locator('[data-version=D2]').click()
    await page.getByTestId('version-view').click()
    await page.getByTestId('viewing').getByText('D2').waitFor()
    await page.getByTestId('viewing').getByRole('button').click()
    await part(page, '版本历史')
    await page.locator('[data-version=D2]').click()
    await page.getByTestId('version-compare').click()
    await page.getByTestId('diff-same').waitFor()
    await part(page, '版本历史')
    await page.locator('[data-version=D2]').click()
    await page.getByTestId('version-begin').click()
    await page.getByTestId('draft').getByText('D3').waitFor()
    expect(desk.draft()?.row.base).toBe('D2')
  })

  it('leaves as XLSX and comes back as the same; a faulty file says where, and changes nothing', async () => {
    const { page, workstation } = await open((desk) => desk.begin())
    await page.getByTestId('export-xlsx').click()
    await page.getByText('/chosen/危急值词典-D2').waitFor()
    const [exported] = workstation.callsOf('retrospect.export').map(({ args }) => args)
    const { content, rows, format } = exported as { content: string; rows: number; format: string }
    expect(format).toBe('xlsx')
    const read = await rowsOfFile(new Blob([Buffer.from(content, 'base64')]))
    const table = dictionaryRows(defaultContent(), 'zh-CN')
    expect('rows' in read && read.rows.map((row) => row.map((cell) => String(cell ?? '')))).toEqual(table)
    expect(rows).toBe(table.length - 1)

    const dir = mkdtempSync(join(tmpdir(), 'vigil-import-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const file = async (name: string, of: string[][]) => {
      const path = join(dir, name)
      writeFileSync(
        path,
        Buffer.from(await fileOfRows(name.endsWith('csv') ? 'csv' : 'xlsx', '词典', of), 'base64'),
      )
      return path
    }
    await page.getByTestId('import-file').setInputFiles(await file('same.xlsx', table))
    await page.getByTestId('import-dialog').getByTestId('diff-same').waitFor()
    await page.keyboard.press('Escape')
    const wrong = table.map((row) => [...row])
    wrong[4]![3] = '紫'
    await page.getByTestId('import-file').setInputFiles(await file('wrong.csv', wrong))
    await page.getByTestId('import-problems').getByText('紫').waitFor()
    expect(await page.getByTestId('import-problems').locator('tbody tr').first().innerText()).toMatch(
      /^5\t级别/,
    )
    expect(await page.getByTestId('import-take').count()).toBe(0)
    await page.keyboard.press('Escape')
    const fewer = table.filter((row) => row[0] !== 'PULMONARY_EMBOLISM')
    await page.getByTestId('import-file').setInputFiles(await file('fewer.csv', fewer))
    await page.getByTestId('import-dialog').getByText('肺栓塞').first().waitFor()
    expect(workstation.callsOf('dictionary.save-draft')).toHaveLength(0)
    await page.getByTestId('import-take').click()
    await saved(page)
    await page.getByTestId('undo').click()
    await eventually(() => page.getByTestId('entry-count').innerText()).toContain(
      String(defaultContent().entries.length),
    )
  })

  it('of 2,000 types and 5,000 terms stays fluid, as a file too', async () => {
    const base = defaultContent()
    const entries = Array.from({ length: 2_000 }, (_, n) => ({
      code: `TYPE_${n}`,
      nameZh: `类型${n}`,
      nameEn: `Type ${n}`,
      level: (['red', 'orange', 'yellow'] as const)[n % 3]!,
      terms: Array.from({ length: n % 2 ? 2 : 3 }, (_, k) => ({
        text: `词语${n}第${k}种`,
        language: 'zh' as const,
      })),
    }))
    const { page, workstation } = await open((desk) => desk.begin(), { ...base, entries })
    await page.getByTestId('entry-row').first().waitFor()
    await page.getByTestId('entry-search').fill('词语1234第2')
    await eventually(() => page.getByTestId('entry-row').count()).toBe(1)
    await page.getByTestId('entry-row').click()
    // The longest that one keystroke holds up the window.
    await page.evaluate(`{
      window.longest = 0
      new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration) })
        .observe({ type: 'longtask', buffered: false })
    }`)
    await page.getByTestId('term-text').first().press('End')
    await page.keyboard.type('甲乙丙丁戊己庚辛', { delay: 30 })
    const longest = Number(await page.evaluate('window.longest'))
    expect(longest).toBeLessThan(400)
    await page.getByTestId('export-xlsx').click()
    await page.getByText('/chosen/危急值词典-D2').waitFor({ timeout: 30_000 })
    expect(workstation.callsOf('retrospect.export')[0]?.args).toMatchObject({ rows: 5_000 })
  })
})
