import { mkdirSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ReportText } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { order } from './facts.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

/** Screens to look at, where a folder is named. */
const shots = process.env.VIGIL_SHOTS
async function shot(page: Page, name: string) {
  if (!shots) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: `${shots}/${name}.png` })
}

const editor = (page: Page, section: keyof ReportText) => page.getByTestId(`editor-${section}`)
const selected = (page: Page) => page.evaluate('getSelection().toString()')

async function compose(cdp: CDPSession, steps: readonly string[], words: string) {
  for (const text of steps)
    await cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  await cdp.send('Input.insertText', { text: words })
}

describe.skipIf(noChromium)('writing a report', () => {
  const open = windowTests({ images: false })

  it('finds a template by its initials, goes through its fields, and holds the report while one is open', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await page.getByTestId('report-editor').waitFor()
    await page.keyboard.press('F4')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('editor-findings')
    expect(await page.getByTestId('template-offered').textContent()).toBe('头颅CT平扫')
    await page.keyboard.press('F6')
    await page.getByTestId('template-search').waitFor()
    expect(await page.getByTestId('template-option').first().getAttribute('data-template')).toBe('ct-head')
    await shot(page, 'template-picker')
    await accessible(page, 'template picker')
    await page.keyboard.type('tlct ncx')
    await eventually(() => page.getByTestId('template-option').count()).toBe(1)
    await page.keyboard.press('Enter')

    // The first field is a pick-list, open in place.
    await page.getByTestId('pick-list').waitFor()
    expect(await selected(page)).toBe('[[左侧|右侧]]')
    await shot(page, 'pick-list')
    await page.keyboard.press('2')
    await eventually(() => selected(page)).toContain('[[基底节区|')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    await eventually(() => selected(page)).toContain('[[类圆形|')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await eventually(() => selected(page)).toBe('[[长]]')
    const cdp = await page.context().newCDPSession(page)
    await compose(cdp, ['s', 'si', 'sili'], '四厘米')
    await eventually(() => workstation.draft().findings).toContain(
      '右侧丘脑见[[类圆形|不规则形]]高密度影，大小约四厘米×[[宽]]',
    )
    await eventually(() => page.getByTestId('doubt-fields').count()).toBe(1)
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-back').waitFor()
    expect(await page.getByTestId('hand-go').count()).toBe(0)
    expect(await page.getByTestId('hand-doubt').first().getAttribute('data-kind')).toBe('unfilled-field')
    await shot(page, 'hand-over-blocked')
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('hand-over').count()).toBe(0)
    expect(workstation.callsOf('report.prepare-sign-off')).toEqual([])

    // Beyond the last field of the findings Tab goes on in the impression.
    await page.keyboard.press('F4')
    await editor(page, 'findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Tab')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('editor-impression')
    expect(await selected(page)).toBe('[[左侧|右侧]]')
  })

  it('expands phrases, never while an input method composes, and undoes word by word', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) =>
      fake.list.setSettings({
        phrases: { phrases: [{ abbreviation: 'zx', text: '自写|短语', modality: '' }] },
      }),
    )
    await openFirstStudy(page)
    const findings = () =>
      page.evaluate<string>(`document.querySelector('[data-testid=editor-findings]').innerText`)
    await editor(page, 'findings').click()
    await page.keyboard.type('zx')
    await page.keyboard.press('Tab')
    await eventually(findings).toBe('自写短语')
    await page.keyboard.type('1')
    await eventually(findings).toBe('自写1短语')
    await page.keyboard.press('Control+End')
    await page.keyboard.type('，;nszx')
    await eventually(findings).toBe('自写1短语，脑室系统未见扩张，中线结构居中。')
    await page.keyboard.press('Control+z')
    await eventually(findings).toBe('自写1短语，;nsz')

    // An abbreviation that is being composed is the input method's, whatever key follows.
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Delete')
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Input.imeSetComposition', { text: 'zx', selectionStart: 2, selectionEnd: 2 })
    await cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Process',
      code: 'Tab',
      windowsVirtualKeyCode: 229,
    })
    expect(await findings()).toBe('zx')
    await page.waitForTimeout(600)
    expect(
      workstation
        .callsOf('report.save-draft')
        .some(({ args }) => (args as { text: ReportText }).text.findings === 'zx'),
    ).toBe(false)
    await cdp.send('Input.insertText', { text: '直向' })
    await compose(cdp, ['q', 'qix', 'qixiong'], '气胸')
    await eventually(() => page.locator('.cm-content .critical').allTextContents()).toEqual(['气胸'])
    await page.keyboard.type(' mild change')
    await eventually(findings).toBe('直向气胸 mild change')
    const undone: string[] = []
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Control+z')
      undone.push(await findings())
    }
    expect(undone).toEqual(['直向气胸 mild ', '直向气胸', '直向', expect.stringMatching(/^\s*$|在此书写/)])
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Control+y')
    await eventually(findings).toBe('直向气胸 mild change')
    await page.keyboard.press('Shift+F6')
    await page.getByTestId('phrase-search').waitFor()
    await accessible(page, 'phrases')
    await page.getByTestId('phrase-abbreviation').fill('cs')
    await page.getByTestId('phrase-text').fill('测试短语')
    await page.getByTestId('phrase-add').click()
    await eventually(() => page.getByTestId('phrase').first().textContent()).toContain('测试短语')
    await shot(page, 'phrases')
    expect(workstation.callsOf('settings.save')).toHaveLength(1)
  })

  it('says calmly what is at odds, puts a word right, and asks before the signature', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) =>
      fake.setDraft({
        findings: '子宫前位。左侧丘脑见低蜜度影，范围约1.2×0.8。',
        impression: '右侧丘脑梗死。',
      }),
    )
    await openFirstStudy(page)
    await eventually(() =>
      page.getByTestId('doubt').evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.kind)),
    ).toEqual(['sex', 'unit-missing', 'side-sections', 'wrong-word'])
    await shot(page, 'doubts')
    await accessible(page, 'doubts')
    await page.getByTestId('doubt-fix').click()
    await eventually(() => workstation.draft().findings).toContain('低密度影')
    await page.keyboard.press('F7')
    expect(await selected(page)).toBe('子宫')
    await page.keyboard.press('F7')
    expect(await selected(page)).toBe('1.2×0.8')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-back').waitFor()
    await shot(page, 'hand-over')
    expect(await page.getByTestId('hand-doubt').count()).toBe(3)
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('sign-off-dialog').count()).toBe(0)
    // What was confirmed once is not asked again.
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
  })

  it('reads a prior report beside, copies and compares; keeps own templates; shows the history', async () => {
    const prior = '1.2.826.0.1.99.777'
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '左侧大量气胸。', impression: '' })
      fake.handlers['study.priors'] = () => ({
        priors: [
          {
            studyInstanceUid: prior,
            accessionNumber: 'CT1',
            studyDate: '20260301',
            studyTime: '',
            description: '',
            bodyPart: '头部',
            modalities: ['CT'],
            seriesCount: 1,
            instanceCount: 1,
            itemName: '头颅CT平扫',
            reported: true,
            likeness: 0.9,
            masked: false,
          },
        ],
      })
      const own = fake.handlers['report.open']
      fake.handlers['report.open'] = async (args) => {
        const answer = await own(args)
        if (args.study !== prior) return answer
        const document = {
          schema: 'vigil/report/v1' as const,
          reportId: 'r',
          version: 1,
          previous: null,
          gatewayId: 'g',
          studyInstanceUid: prior,
          accessionNumber: 'CT1',
          patientId: order.patientId,
          patientName: order.patientName,
          author: { accountId: 'a', name: '周启明' },
          preparedAt: 1,
          dictionaryVersion: '1',
          exam: {
            modality: 'CT',
            bodyPart: '头部',
            itemName: '头颅CT平扫',
            patientClass: '',
            sex: 'M',
            age: '067Y',
          },
          text: { findings: '双侧大脑半球对称。', impression: '颅脑CT平扫未见明显异常。' },
          amendment: null,
          decisions: [],
          standing: [],
        }
        const signed = {
          document,
          signature: 'c2ln',
          algorithm: 'ECDSA-SHA256' as const,
          certificate: 'Y2VydA==',
          signedAt: 1_772_000_000_000,
        }
        return { ...answer, status: 'signed', versions: [signed] }
      }
      fake.handlers['report.steps'] = () => ({
        steps: [
          {
            id: '1',
            kind: 'submitted',
            by: { accountId: 'r', name: '王住院' },
            at: 1_790_000_000_000,
            text: { findings: '左侧少量气胸。', impression: '' },
            comment: '',
          },
          {
            id: '2',
            kind: 'rejected',
            by: { accountId: 'a', name: '周启明' },
            at: 1_790_000_600_000,
            text: { findings: '左侧大量气胸。', impression: '' },
            comment: '请核对积气量',
          },
        ],
      })
    })
    await openFirstStudy(page)
    await eventually(() => page.getByTestId('tool-priors').isEnabled()).toBe(true)
    await page.keyboard.press('F9')
    await eventually(() => page.getByTestId('prior-text').textContent()).toContain('双侧大脑半球对称。')
    await shot(page, 'priors')
    await accessible(page, 'priors')
    await page.getByTestId('prior-compare').click()
    await eventually(() => page.locator('[data-testid=prior-text] ins').count()).toBeGreaterThan(0)
    await page.keyboard.press('Alt+c')
    await eventually(() => workstation.draft()).toEqual({
      findings: '左侧大量气胸。\n双侧大脑半球对称。',
      impression: '颅脑CT平扫未见明显异常。',
    })
    await page.keyboard.press('F9')
    await eventually(() => page.getByTestId('priors-panel').count()).toBe(0)

    await page.keyboard.press('Alt+h')
    await eventually(() => page.getByTestId('history-row').count()).toBe(3)
    await eventually(() => page.getByTestId('history-text').locator('ins').count()).toBeGreaterThan(0)
    await page.getByRole('radio', { name: '旧 提交审核' }).check()
    await page.getByRole('radio', { name: '新 退回' }).check()
    await eventually(() => page.getByTestId('history-text').locator('ins').allTextContents()).toEqual(['大'])
    await shot(page, 'history')
    await accessible(page, 'history')
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('history').count()).toBe(0)

    await page.keyboard.press('F6')
    await page.getByTestId('template-manage').click()
    await page.getByTestId('template-new').click()
    await page.getByTestId('template-name').fill('气胸随访')
    await accessible(page, 'template manager')
    await page.getByTestId('template-save').click()
    await eventually(() => page.getByTestId('own-template').allTextContents()).toEqual(['气胸随访'])
    await shot(page, 'template-manager')
    await page.getByTestId('template-exchange-open').click()
    await eventually(() => page.getByTestId('exchange-text').inputValue()).toContain('气胸随访')
    await page.getByTestId('exchange-text').fill('{}')
    await page.getByTestId('exchange-import').click()
    expect(await page.getByTestId('template-exchange').textContent()).toContain('未导入任何内容')
  })
})
