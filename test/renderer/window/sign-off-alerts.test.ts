import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { CriticalDictionary } from '../../../src/shared/critical/index.ts'
import type { FindingDecision, ReportText, StandingDecision } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { alertOf } from './alert-facts.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const text = {
  findings: '左侧大量气胸，肺压缩约60%。脑疝不除外。未见肺栓塞。',
  impression: '1. 左侧大量气胸。\n2. 建议复查。',
}
const focused = 'document.activeElement.dataset.testid'

const written = (draft: ReportText) => (fake: FakeWorkstation) => fake.setDraft(draft)

async function openDialog(page: Page) {
  await openFirstStudy(page)
  await page.getByTestId('report-editor').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('sign-off-form').waitFor()
  await eventually(() => page.getByTestId('sign-off-sign').isEnabled()).toBe(true)
}

interface Signed {
  decisions: FindingDecision[]
  standing: StandingDecision[]
  pin: string
  secondPin?: string
}
const signed = (fake: FakeWorkstation) => fake.callsOf('report.sign-off').at(-1)!.args as Signed
const alerts = (fake: FakeWorkstation) =>
  signed(fake).decisions.filter((decision) => decision.action === 'alert')

async function sign(page: Page) {
  await page.getByTestId('pin').fill('123456')
  await page.keyboard.press('Enter')
}

/** Picks an option of a select by typing and Enter. */
async function pick(page: Page, within: string, typed: string) {
  await page.getByTestId(within).click()
  await page.keyboard.type(typed)
  await page.keyboard.press('Enter')
}

const earlier = (type: string, raisedBy = '张敏') => {
  const { id, raisedAt, content, state, side } = alertOf(
    'A261121000009',
    { type, typeName: type, content: '左侧大量气胸' },
    'received',
  )
  return { id, type, side, raisedAt: raisedAt - 3 * 60_000, raisedBy, content, state }
}

describe.skipIf(noChromium)('alerts at sign-off', () => {
  const open = windowTests({ images: false })

  it('takes all suggestions with A on each, the PIN and Enter: one alert for what stands in the report twice', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), written(text))
    await openDialog(page)
    await eventually(() => page.evaluate(focused)).toBe('decide-alert')
    // What goes with another says so, and with which, before anything is decided.
    expect(await page.getByTestId('speaks-for').textContent()).toContain('1 条同类发现')
    expect(await page.getByTestId('together').textContent()).toContain('与影像所见“大量气胸”为同一危急值')
    await page.keyboard.press('a')
    await page.keyboard.press('a')
    await eventually(() => page.evaluate('document.activeElement.id')).toBe('sign-off-pin')
    expect(await page.getByTestId('sign-off-progress').textContent()).toContain('3 / 3')
    expect(await page.getByTestId('alert-summary').first().textContent()).toMatch(
      /红 5 分钟内接收.*大量气胸.*病区 急诊科.*6120/,
    )
    await fits(page)
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(alerts(workstation)).toMatchObject([
      { alertType: 'LARGE_PNEUMOTHORAX', recipient: { kind: 'ward', name: '急诊科' }, repeats: null },
      { alertType: 'BRAIN_HERNIATION' },
    ])
    expect(signed(workstation).decisions.at(-1)).toMatchObject({
      action: 'dismiss',
      section: 'impression',
      reason: '同一危急值，已随本报告另一条上报',
    })
    expect(signed(workstation)).not.toHaveProperty('secondPin')
  })

  it('alerts by itself what was proposed to go with another, and asks again where the other is dismissed', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), written(text))
    await openDialog(page)
    await eventually(() => page.evaluate(focused)).toBe('decide-alert')
    await page.keyboard.press('d')
    await page.getByTestId('reason-known').first().click()
    expect(await page.getByTestId('together').count()).toBe(0)
    await page.getByTestId('decide-dismiss').nth(1).click()
    await page.getByTestId('reason-known').nth(1).click()
    await sign(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 1 条')
    await page.getByTestId('decide-alert').nth(2).click()
    await sign(page)
    await page.getByTestId('signed-summary').waitFor()
    expect(signed(workstation).decisions).toMatchObject([
      { action: 'dismiss', section: 'findings' },
      { action: 'dismiss', reason: '临床已知，较前无加重' },
      { action: 'alert', section: 'impression' },
    ])
  })

  it('takes what may be the same along by M, where the side is not said', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      written({ findings: '左侧大量气胸。', impression: '大量气胸。' }),
    )
    await openDialog(page)
    await eventually(() => page.evaluate(focused)).toBe('decide-alert')
    expect(await page.getByTestId('together').count()).toBe(0)
    await page.keyboard.press('m')
    await eventually(() => page.evaluate('document.activeElement.id')).toBe('sign-off-pin')
    expect(await page.getByTestId('together').count()).toBe(1)
    await sign(page)
    await page.getByTestId('signed-summary').waitFor()
    expect(signed(workstation).decisions).toMatchObject([
      { action: 'alert', section: 'findings' },
      { action: 'dismiss', section: 'impression', reason: '同一危急值，已随本报告另一条上报' },
    ])
  })

  it('decides one finding for a key that is held down', async () => {
    const { page } = await open(activeAs('radiologist'), written(text))
    await openDialog(page)
    await eventually(() => page.evaluate(focused)).toBe('decide-alert')
    await page.keyboard.down('a')
    for (let repeats = 0; repeats < 5; repeats += 1) await page.keyboard.down('a')
    await page.keyboard.up('a')
    await eventually(() => page.getByTestId('sign-off-progress').textContent()).toContain('2 / 3')
    expect(await page.getByTestId('pin').inputValue()).toBe('')
  })

  it('lets nothing be dismissed as reported with another where nothing is reported', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), written(text))
    await openDialog(page)
    for (const choice of await page.getByTestId('decide-dismiss').all()) await choice.click()
    for (const reason of await page.getByTestId('reason-repeated').all()) await reason.click()
    await sign(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 3 条')
    expect(await page.getByTestId('decision').first().textContent()).toContain('没有上报同类危急值')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
  })

  it('has every part of an alert changed', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      written({ findings: '左侧大量气胸。', impression: '见上。' }),
    )
    await openDialog(page)
    await page.keyboard.press('a')
    await page.getByTestId('alert-edit').click()
    await pick(page, 'alert-type', '张力性')
    await eventually(() => page.getByTestId('alert-content').inputValue()).toBe('张力性气胸：左侧大量气胸')
    await page.getByTestId('alert-level-orange').click()
    await page.getByTestId('alert-content').fill('左侧张力性气胸可能，请立即处理')
    expect(await page.getByTestId('alert-fields').textContent()).toContain('15 / 500')
    await page.getByTestId('recipient').click()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('recipient-name').inputValue()).toBe('韩志成')
    await page.getByTestId('recipient-name').fill('韩志成（代班）')
    await page.getByTestId('recipient-phone').fill('13800000000')
    await fits(page)
    await sign(page)
    await page.getByTestId('signed-summary').waitFor()
    expect(alerts(workstation)).toEqual([
      {
        action: 'alert',
        section: 'findings',
        start: 2,
        end: 6,
        type: 'LARGE_PNEUMOTHORAX',
        alertType: 'TENSION_PNEUMOTHORAX',
        level: 'orange',
        content: '左侧张力性气胸可能，请立即处理',
        recipient: {
          kind: 'department-head',
          name: '韩志成（代班）',
          department: '急诊科',
          code: '',
          phone: '13800000000',
        },
        repeats: null,
      },
    ])
  })

  it('asks for a name where nobody is known to be told', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '左侧大量气胸。', impression: '见上。' })
      fake.prepare({ recipients: [] })
    })
    await openDialog(page)
    await page.keyboard.press('a')
    await eventually(() => page.evaluate(focused)).toBe('recipient-name')
    await sign(page)
    await eventually(() => page.getByTestId('decision').textContent()).toContain('请填写通知对象名称')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    await page.getByTestId('recipient-name').fill('外院急诊')
    await sign(page)
    await page.getByTestId('signed-summary').waitFor()
    expect(alerts(workstation)).toMatchObject([{ recipient: { kind: 'ward', name: '外院急诊' } }])
  })

  it('adds one by hand for a sentence of the report', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      written({ findings: '双肺清晰。右肺门处高密度影，考虑异物。', impression: '见上。' }),
    )
    await openDialog(page)
    await page.getByTestId('add-alert').click()
    await sign(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 1 条')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    await pick(page, 'added-passage', '高密度')
    await pick(page, 'alert-type', '气管异物')
    await eventually(() => page.getByTestId('alert-content').inputValue()).toBe(
      '气管异物：右肺门处高密度影，考虑异物',
    )
    await fits(page)
    await sign(page)
    await page.getByTestId('signed-summary').waitFor()
    expect(alerts(workstation)).toMatchObject([
      {
        section: 'findings',
        start: 5,
        end: 18,
        type: 'AIRWAY_FOREIGN_BODY',
        alertType: 'AIRWAY_FOREIGN_BODY',
      },
    ])
  })

  it.each(['again', 'not-again'] as const)(
    'asks before a patient’s alert is repeated: %s',
    async (answer) => {
      const before = earlier('LARGE_PNEUMOTHORAX')
      const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
        fake.setDraft({ findings: '左侧大量气胸。', impression: '见上。' })
        fake.prepare({ earlier: [before] })
      })
      await openDialog(page)
      await page.keyboard.press('a')
      await page.getByTestId('earlier-question').waitFor()
      expect(await page.getByTestId('earlier-question').textContent()).toMatch(
        /该患者 \d\d:\d\d 已上报过“大量气胸”（张敏，临床已接收），是否再次上报？/,
      )
      await eventually(() => page.evaluate(focused)).toBe('earlier-again')
      await fits(page)
      // Never silently.
      await sign(page)
      await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 1 条')
      expect(workstation.callsOf('report.sign-off')).toEqual([])
      await page.getByTestId(`earlier-${answer}`).click()
      if (answer === 'not-again')
        expect(await page.getByTestId('reason-text').inputValue()).toMatch(
          /^\d\d:\d\d 已上报“大量气胸”（张敏），不再重复上报$/,
        )
      await sign(page)
      await page.getByTestId('signed-summary').waitFor()
      expect(signed(workstation).decisions).toMatchObject([
        answer === 'again'
          ? { action: 'alert', repeats: before.id }
          : { action: 'dismiss', reason: expect.stringContaining('不再重复上报') },
      ])
    },
  )

  it('has one person look twice: everything read back, each ticked, and the PIN again', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '左侧大量气胸。脑疝不除外。', impression: '见上。' })
      fake.prepare({ check: 'twice' })
    })
    await openDialog(page)
    await eventually(() => page.evaluate(focused)).toBe('decide-alert')
    await page.keyboard.press('a')
    await page.keyboard.press('a')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('second-look').waitFor()
    const read = await page.getByTestId('second-look-alert').first().textContent()
    for (const part of [
      '王建国',
      'P0001234',
      '大量气胸',
      '红 5 分钟内接收',
      '左侧大量气胸',
      '病区 · 急诊科',
      '6120',
    ])
      expect(read).toContain(part)
    await fits(page)
    await eventually(() => page.evaluate(focused)).toBe('second-look-tick')
    await page.keyboard.press('Space')
    await page.getByTestId('secondPin').fill('123456')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 1 条没有核对')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    // Back, and what is changed is to be ticked anew.
    await page.keyboard.press('Escape')
    await page.getByTestId('decision').first().waitFor()
    await page.getByTestId('alert-edit').first().click()
    await page.getByTestId('alert-content').first().fill('左侧大量气胸，请速')
    await page.getByTestId('sign-off-sign').click()
    await page.getByTestId('second-look').waitFor()
    const ticks = page.getByTestId('second-look-tick')
    expect([await ticks.nth(0).isChecked(), await ticks.nth(1).isChecked()]).toEqual([false, false])
    for (const tick of await ticks.all()) await tick.check()
    await page.getByTestId('sign-off-sign').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('PIN')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(signed(workstation)).toMatchObject({ pin: '123456', secondPin: '123456' })
  })

  it('says that another radiologist has to check, before and after the signature', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '左侧大量气胸。', impression: '见上。' })
      fake.prepare({ check: 'second-person' })
    })
    await openDialog(page)
    expect(await page.getByTestId('second-person').count()).toBe(0)
    await page.keyboard.press('a')
    await eventually(() => page.getByTestId('second-person').textContent()).toMatch(/另一位医师核对.*5 分钟/)
    await sign(page)
    await page.getByTestId('signed-waiting').waitFor()
    expect(await page.getByTestId('signed-waiting').textContent()).toMatch(
      /1 条待另一位医师核对.*\d\d:\d\d:\d\d/,
    )
    expect(signed(workstation)).not.toHaveProperty('secondPin')
    workstation.deliver('A261122000001', {}, { status: 'sent', releasedAt: Date.now() })
    await eventually(() => page.getByTestId('signed-waiting').count()).toBe(0)
  })

  it('on each thing that the gateway found meanwhile asks it again and keeps what was entered', async () => {
    const found = [
      ['report-changed', {}],
      ['finding-undecided', {}],
      ['alert-already-raised', { earlier: [earlier('LARGE_PNEUMOTHORAX')] }],
      ['alert-undecided', { standing: [earlier('ARDS')] }],
      ['alert-check-required', { check: 'twice' }],
    ] as const
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: '左侧大量气胸。', impression: '见上。' })
      const accept = fake.handlers['report.sign-off']
      fake.handlers['report.sign-off'] = (args) => {
        const next = found[fake.callsOf('report.sign-off').length - 1]
        if (!next) return accept(args)
        const [code, change] = next
        fake.prepare(change as Parameters<typeof fake.prepare>[0])
        return fake.fail(code, { count: 1 })
      }
    })
    await openDialog(page)
    await page.keyboard.press('a')
    await page.getByTestId('alert-edit').click()
    await page.getByTestId('alert-content').fill('左侧大量气胸，已联系胸外科')
    for (const [turn, [code]] of found.entries()) {
      await sign(page)
      await eventually(() =>
        page.locator(`[data-testid=entry-bad][data-code=${code}]`).textContent(),
      ).toContain('已重新核对')
      expect(workstation.callsOf('report.prepare-sign-off'), code).toHaveLength(turn + 2)
      expect(await page.getByTestId('alert-content').inputValue(), code).toBe('左侧大量气胸，已联系胸外科')
      expect(await page.getByTestId('pin').inputValue(), code).toBe('')
      await fits(page)
      if (code === 'alert-already-raised') await page.getByTestId('earlier-again').click()
      if (code === 'alert-undecided') {
        await page.getByTestId('standing-keep').click()
        await page.getByTestId('standing-reason').fill('仍需观察')
      }
    }
    await sign(page)
    await page.getByTestId('second-look-tick').check()
    await page.getByTestId('secondPin').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    expect(alerts(workstation)).toMatchObject([{ content: '左侧大量气胸，已联系胸外科' }])
  })

  it('words each refusal and keeps what was entered', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      written({ findings: '左侧大量气胸。', impression: '见上。' }),
    )
    await openDialog(page)
    await page.keyboard.press('d')
    await page.getByTestId('reason-known').click()
    for (const [code, words] of [
      ['pin-locked', '已锁定'],
      ['token-absent', '没有检测到'],
      ['gateway-unreachable', '无法连接网关'],
      ['signature-invalid', '签名验证未通过'],
      ['report-locked-by-other', '另一位医师'],
      ['permission-denied', '没有此项权限'],
      ['session-locked', '已锁定'],
      ['internal', '系统内部出错'],
    ] as const) {
      workstation.handlers['report.sign-off'] = () => workstation.fail(code)
      await sign(page)
      await eventually(() =>
        page.locator(`[data-testid=entry-bad][data-code=${code}]`).textContent(),
      ).toContain(words)
      expect(await page.getByTestId('reason-known').isChecked(), code).toBe(true)
      expect(await page.getByTestId('pin').inputValue(), code).toBe('')
    }
  })

  it('keeps what was entered while one goes back to the text, where the finding is the same', async () => {
    const { page } = await open(activeAs('radiologist'), written(text))
    await openDialog(page)
    await page.keyboard.press('a')
    await page.getByTestId('alert-edit').click()
    await page.getByTestId('alert-content').fill('左侧大量气胸，已联系胸外科')
    await page.getByTestId('sign-off-back').click()
    await eventually(() => page.getByTestId('sign-off-form').count()).toBe(0)
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('CTA')
    await page.keyboard.press('Control+Enter')
    await eventually(() => page.getByTestId('sign-off-progress').textContent()).toContain('2 / 3')
    expect(await page.getByTestId('alert-summary').textContent()).toContain('已联系胸外科')
    await page.getByTestId('sign-off-back').click()
    // The sentence says something else now: it is to be decided anew.
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('CT')
    await page.keyboard.press('Control+Enter')
    await eventually(() => page.getByTestId('sign-off-progress').textContent()).toContain('0 / 3')
  })

  it('says and does not count what is not for exams like this one, live as the dictionary changes', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), written(text))
    await openFirstStudy(page)
    await eventually(() => page.getByText('3 条需处理').count()).toBe(1)
    const dictionary = workstation.dictionary()
    workstation.publish(
      CriticalDictionary.parse({
        ...dictionary,
        version: 'next',
        entries: dictionary.entries.map((entry) =>
          entry.code === 'LARGE_PNEUMOTHORAX' ? { ...entry, scope: { bodyParts: ['胸'] } } : entry,
        ),
      }),
    )
    await eventually(() => page.getByText('1 条需处理').count()).toBe(1)
    expect(await page.locator('[data-testid=finding][data-out]').count()).toBe(2)
    expect(await page.locator('[data-testid=finding][data-out]').first().textContent()).toContain(
      '不在适用范围',
    )
    await page.locator('.cm-content .critical-out').first().hover()
    await page.getByTestId('critical-tip').waitFor()
    expect(await page.getByTestId('critical-tip').textContent()).toContain('不适用于本检查')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('decision').first().waitFor()
    expect(await page.getByTestId('decision').count()).toBe(1)
    expect(await page.getByTestId('sign-off-information').textContent()).toContain('不在适用范围')
  })

  it('holds twenty findings of a long report, however wide and in either language', async () => {
    const sentences = ['左侧大量气胸', '脑疝不除外', '蛛网膜下腔出血', '主动脉夹层可能', '消化道穿孔']
    const long = `${Array.from({ length: 20 }, (_, n) => `${sentences[n % 5]}，层面 ${n + 1}，范围较广，邻近结构受压移位，周围间隙模糊，请结合临床综合考虑。`).join('')}`
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft({ findings: long, impression: '见上。' })
      fake.prepare({ earlier: [earlier('BRAIN_HERNIATION', '阿卜杜热西提·麦麦提伊敏·阿布都克热木·买买提')] })
    })
    await openFirstStudy(page)
    for (const language of ['zh-CN', 'en']) {
      await page.getByTestId('finding').first().waitFor()
      expect(await page.evaluate('document.documentElement.lang')).toBe(language)
      await page.keyboard.press('Control+Enter')
      await page.getByTestId('decision').first().waitFor()
      expect(await page.getByTestId('decision').count()).toBe(20)
      // In the other language they are decided already: what was entered stays.
      if (language === 'zh-CN') {
        for (const choice of await page.getByTestId('decide-alert').all()) await choice.click()
      }
      await page.getByTestId('alert-edit').first().click()
      await page.getByTestId('alert-fields').waitFor()
      for (const [width, height] of [
        [1366, 768],
        [1920, 1080],
      ] as const) {
        const at = `${width} by ${height} in ${language}`
        await page.setViewportSize({ width, height })
        await fits(page)
        const dialog = (await page.locator('.ant-modal-container').boundingBox())!
        expect(dialog.y, at).toBeGreaterThanOrEqual(0)
        expect(dialog.y + dialog.height, at).toBeLessThanOrEqual(height)
        const wide = await page.evaluate(
          `[...document.querySelectorAll('.sign-off-scroll, .decision, .alert-summary')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className)`,
        )
        expect(wide, at).toEqual([])
        // The last can be reached, and the signature stays in sight.
        await page.getByTestId('decision').last().scrollIntoViewIfNeeded()
        expect(await page.getByTestId('sign-off-sign').isVisible(), at).toBe(true)
        await sign(page)
        // The first of those that still ask takes the focus, in sight.
        await eventually(() => page.evaluate(focused)).toBe('earlier-again')
      }
      await page.getByTestId('sign-off-back').click()
      await eventually(() => page.getByTestId('sign-off-form').count()).toBe(0)
      await page.getByTestId('language').click()
    }
    expect(workstation.callsOf('report.sign-off')).toEqual([])
  })
})
