import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ReportText } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const withDraft = (text: ReportText) => (fake: FakeWorkstation) => {
  fake.handlers['report.open'] = () => ({
    status: 'draft',
    text,
    recovered: false,
    stage: 'writing',
    keyImages: [],
    submission: null,
    lockedBy: null,
    versions: [],
  })
}

/** What an input method does: shows letters while it composes, then puts the words in their place. */
async function compose(cdp: CDPSession, steps: readonly string[], words: string) {
  for (const text of steps) {
    await cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  }
  await cdp.send('Input.insertText', { text: words })
}

const findings = (page: Page) => page.getByTestId('editor-findings')

describe.skipIf(noChromium)('the report editor', () => {
  const open = windowTests({ images: false })

  it('marks each grade in its own colour and its own underline, and lists them', async () => {
    const text = {
      findings: '左侧大量气胸。脑疝不除外。未见蛛网膜下腔出血。陈旧性脑出血。大量胸腔积液较前吸收。',
      impression: '',
    }
    const { page } = await open(activeAs('radiologist'), withDraft(text))
    await openFirstStudy(page)
    await page.getByTestId('finding').first().waitFor()
    const looks: unknown[] =
      await page.evaluate(`[...document.querySelectorAll('.cm-content .critical')].map((mark) => {
      const style = getComputedStyle(mark)
      return [mark.dataset.grade, style.color, style.textDecorationStyle]
    })`)
    const grades = looks.map((look) => (look as string[])[0])
    expect(grades).toEqual(['positive', 'possible', 'negated', 'historical', 'improved'])
    for (const part of [1, 2]) expect(new Set(looks.map((look) => (look as string[])[part])).size).toBe(5)
    expect(await page.getByTestId('finding').count()).toBe(5)
  })

  it('says what a term was taken for where the mouse rests, also on the middle of a character', async () => {
    const { page } = await open(
      activeAs('radiologist'),
      withDraft({ findings: '左侧脑疝不除外。', impression: '' }),
    )
    await openFirstStudy(page)
    const box = await page.locator('.cm-content .critical').boundingBox()
    await page.mouse.move(box!.x + box!.width / 4, box!.y + box!.height / 2)
    const tip = page.getByTestId('critical-tip')
    await tip.waitFor()
    const said = await tip.textContent()
    for (const part of ['脑疝', '可疑', '红色', '侧别左侧', '“不除外”']) expect(said).toContain(part)
    await page.mouse.move(5, 5)
    await eventually(() => tip.count()).toBe(0)
  })

  it('goes to the text from the list', async () => {
    const text = { findings: '', impression: '左侧大量气胸。' }
    const { page } = await open(activeAs('radiologist'), withDraft(text))
    await openFirstStudy(page)
    await page.getByTestId('finding').click()
    expect(await page.evaluate('getSelection().toString()')).toBe('大量气胸')
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('editor-impression')
  })

  it('leaves the page alone while an input method composes, marks when it is done, and saves no Pinyin', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      withDraft({ findings: '脑疝。', impression: '' }),
    )
    await openFirstStudy(page)
    await page.locator('.cm-content .critical').waitFor()
    await findings(page).click()
    await page.keyboard.press('Control+End')
    await page.evaluate(`{
      window.before = document.querySelector('.cm-content .critical')
      window.churn = 0
      window.observer = new MutationObserver((records) => {
        window.churn += records.filter((record) => record.type === 'childList').length
      })
    }`)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Input.imeSetComposition', { text: 'z', selectionStart: 1, selectionEnd: 1 })
    await page.evaluate(
      `window.observer.observe(document.querySelector('.cm-content'), { childList: true, subtree: true })`,
    )
    for (const typed of ['zu', 'zuo', 'zuoc', 'zuoce', "zuo'ce"]) {
      await cdp.send('Input.imeSetComposition', {
        text: typed,
        selectionStart: typed.length,
        selectionEnd: typed.length,
      })
      await page.waitForTimeout(120)
    }
    expect(await page.evaluate('window.churn')).toBe(0)
    expect(await page.evaluate('window.before.isConnected')).toBe(true)
    expect(await findings(page).textContent()).toContain("zuo'ce")
    expect(workstation.callsOf('report.save-draft')).toEqual([])
    await cdp.send('Input.insertText', { text: '左侧' })

    await compose(cdp, ['d', 'da', 'daliang', 'daliangqixiong'], '大量气胸')
    await eventually(() => page.locator('.cm-content .critical').allTextContents()).toEqual([
      '脑疝',
      '大量气胸',
    ])
    expect(
      await page.evaluate('document.querySelector("[data-testid=editor-findings]").innerText.trim()'),
    ).toBe('脑疝。左侧大量气胸')
    await eventually(() => workstation.draft().findings).toBe('脑疝。左侧大量气胸')
    for (const call of workstation.callsOf('report.save-draft')) {
      expect((call.args as { text: ReportText }).text.findings).not.toMatch(/[a-z]/)
    }
  })

  it('composes inside and right after a marked term without breaking either', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      withDraft({ findings: '左侧大量气胸', impression: '' }),
    )
    await openFirstStudy(page)
    await page.locator('.cm-content .critical').waitFor()
    await findings(page).click()
    await page.keyboard.press('Control+End')
    const cdp = await page.context().newCDPSession(page)
    await compose(cdp, ['b', 'bu', 'buchu', 'buchuwai'], '不除外')
    await eventually(() => page.locator('.cm-content .critical').getAttribute('data-grade')).toBe('possible')
    await page.keyboard.press('Control+Home')
    await compose(cdp, ['w', 'wei', 'weijian'], '未见')
    await eventually(() => workstation.draft().findings).toBe('未见左侧大量气胸不除外')
  })

  it('saves within half a second of the first key, at once when the focus leaves, and says so', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await findings(page).click()
    const started = Date.now()
    // Without a pause, so that a delay that waits for one would never fire.
    await page.keyboard.type('no acute finding is seen in this study', { delay: 40 })
    const first = workstation.callsOf('report.save-draft')[0]
    expect(first!.at - started).toBeLessThan(1000)
    await eventually(() => page.getByTestId('save-state').getAttribute('data-state')).toBe('gateway')
    // A later save may be on its way still.
    await eventually(() => page.getByTestId('save-state').textContent()).toMatch(/已存网关 \d\d:\d\d:\d\d/)

    await page.keyboard.type('!')
    const typed = Date.now()
    await page.getByTestId('editor-impression').focus()
    await eventually(() => workstation.draft().findings.endsWith('!')).toBe(true)
    expect(workstation.callsOf('report.save-draft').at(-1)!.at - typed).toBeLessThan(300)
  })

  it('says when it could not save and does not give up', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['report.save-draft'] = () => fake.fail('vault-unavailable')
    })
    await openFirstStudy(page)
    await findings(page).click()
    await page.keyboard.type('x')
    await eventually(() => page.getByTestId('save-state').getAttribute('data-state')).toBe('refused')
    expect(await page.getByTestId('save-state').textContent()).toContain('未能保存')
    workstation.handlers['report.save-draft'] = () => ({ savedAt: Date.now() })
    await eventually(() => page.getByTestId('save-state').getAttribute('data-state')).toBe('local')
  })

  it('undoes and redoes, and saves with Ctrl+S and on the way back to the list', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await findings(page).click()
    await page.keyboard.type('abc')
    await page.keyboard.press('Control+z')
    expect(await findings(page).textContent()).not.toContain('abc')
    await page.keyboard.press('Control+y')
    await page.keyboard.press('Control+s')
    await eventually(() => workstation.draft().findings).toBe('abc')
    await page.keyboard.type('d')
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByTestId('worklist').waitFor()
    await eventually(() => workstation.draft().findings).toBe('abcd')
  })

  it('keeps what is written when the language changes', async () => {
    const { page } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await findings(page).click()
    await page.keyboard.type('tension pneumothorax')
    await page.getByTestId('language').click()
    await eventually(() => page.getByTestId('sign-off').textContent()).toBe('Sign off')
    expect(await findings(page).textContent()).toContain('tension pneumothorax')
    await eventually(() => page.locator('.cm-content .critical').count()).toBe(1)
  })

  it('keeps the width that the images were given', async () => {
    const { page } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    const editor = page.getByTestId('report-editor')
    const before = (await editor.boundingBox())!
    await page.mouse.move(before.x - 2, 400)
    await page.mouse.down()
    await page.mouse.move(before.x - 152, 400, { steps: 5 })
    await page.mouse.up()
    await eventually(async () => (await editor.boundingBox())!.width - before.width).toBeGreaterThan(120)
    const wide = (await editor.boundingBox())!.width
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByTestId('worklist').waitFor()
    await page.keyboard.press('Enter')
    await editor.waitFor()
    expect(Math.abs((await editor.boundingBox())!.width - wide)).toBeLessThan(4)
  })

  it('is read-only while another writes, and says who', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['report.open'] = () => ({
        status: 'draft',
        text: { findings: '', impression: '' },
        recovered: false,
        stage: 'writing',
        keyImages: [],
        submission: null,
        lockedBy: { name: '周启明', since: Date.now() - 60_000, stage: 'writing' },
        versions: [],
      })
    })
    await openFirstStudy(page)
    await page.getByTestId('report-locked').waitFor()
    expect(await page.getByTestId('report-locked').textContent()).toContain('周启明')
    expect(await page.locator('.cm-editor').count()).toBe(0)
    await page.keyboard.press('Control+Enter')
    expect(workstation.callsOf('report.prepare-sign-off')).toEqual([])
  })
})
