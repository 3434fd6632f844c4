import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { EarlierAlert } from '../../../src/shared/alert/index.ts'
import type { Amendment, ReportText, SignedReport } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { alertOf } from './alert-facts.ts'
import { exam, order } from './facts.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { studyUid } from './study.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

function version(number: number, findings: string, amendment: Amendment | null = null): SignedReport {
  return {
    document: {
      schema: 'vigil/report/v1',
      reportId: 'report-1',
      version: number,
      previous: number === 1 ? null : '0'.repeat(64),
      gatewayId: 'gateway-1',
      studyInstanceUid: studyUid,
      accessionNumber: order.accessionNumber,
      patientId: order.patientId,
      patientName: order.patientName,
      author: { accountId: 'account-radiologist', name: number === 1 ? '李明华' : '周启明' },
      preparedAt: 0,
      dictionaryVersion: '1',
      exam,
      text: { findings, impression: '建议复查。' },
      amendment,
      decisions: [],
      standing: [],
    },
    signature: 'c2ln',
    algorithm: 'ECDSA-SHA256',
    certificate: 'Y2VydA==',
    signedAt: Date.now() - (10 - number) * 60_000,
  }
}
const first = version(1, '左肺下叶结节，长径约8mm。')
const signed = (fake: FakeWorkstation) => fake.setVersions([first])

const standing = (
  id: string,
  type: string,
  content: string,
  status: EarlierAlert['state']['status'],
): EarlierAlert => {
  const { raisedAt, raisedBy, state, side } = alertOf(id, { type, typeName: type, content }, status)
  return { id, type, side, raisedAt, raisedBy, content, state }
}

async function begin(page: Page, kind: 'addendum' | 'correction', reason: string) {
  await openFirstStudy(page)
  await page.getByTestId(`amend-${kind}`).click()
  await page.getByTestId('amend-reason').fill(reason)
  await page.keyboard.press('Enter')
  await page.getByTestId('amendment-bar').waitFor()
}

async function reportForgotten(page: Page, reason: string) {
  await openFirstStudy(page)
  await page.getByTestId('amend-forgotten').click()
  await page.getByTestId('amend-reason').fill(reason)
  await page.keyboard.press('Enter')
  await page.getByTestId('sign-off-form').waitFor()
}

const open = windowTests({ images: false })

describe.skipIf(noChromium)('an alert that was forgotten at sign-off', () => {
  const shots = process.env.VIGIL_SHOTS

  it('is raised on the signed text, on a finding that was dismissed, and no draft is begun', async () => {
    const dismissed = version(1, '左侧张力性气胸，纵隔右移。')
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => fake.setVersions([dismissed]))
    await reportForgotten(page, '签发时漏报张力性气胸')
    expect(await page.getByTestId('sign-off-unchanged').textContent()).toContain('正文与已签发的版本相同')
    for (const size of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(size)
      await page.waitForTimeout(300)
      await fits(page)
      if (shots) await page.screenshot({ path: `${shots}/forgotten-${size.width}.png` })
    }
    await page.keyboard.press('a')
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('sign-off-sign').click()
    await page.getByTestId('signed-summary').waitFor()
    expect(workstation.callsOf('report.sign-off')[0]?.args).toMatchObject({
      document: {
        text: dismissed.document.text,
        amendment: { kind: 'addendum', reason: '签发时漏报张力性气胸' },
      },
      decisions: [{ action: 'alert', section: 'findings' }],
    })
    expect(workstation.callsOf('report.save-draft')).toEqual([])
    await page.getByTestId('signed-close').click()
    await eventually(() => page.getByTestId('report-version').count()).toBe(2)
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByTestId('report-amended').textContent()).toBe('补充报告：签发时漏报张力性气胸')
  })

  it('is added by hand where nothing was recognised: that is where one begins', async () => {
    const { page } = await open(activeAs('radiologist'), signed)
    await reportForgotten(page, '电话得知临床未收到')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('add-alert')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('added-alert').count()).toBe(1)
    if (shots) await page.screenshot({ path: `${shots}/forgotten-added.png` })
    await page.keyboard.press('Escape')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByTestId('report-version').count()).toBe(1)
  })

  it('waits for the dictionary: what it proposes comes from there', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      signed(fake)
      const dictionary = fake.handlers['critical.dictionary']
      fake.handlers['critical.dictionary'] = async () => {
        await setTimeout(1_500)
        return dictionary(undefined)
      }
    })
    await openFirstStudy(page)
    await page.getByTestId('amend-forgotten').click()
    await page.getByTestId('amend-reason').fill('电话得知临床未收到')
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-off-amendment').waitFor()
    expect(await page.getByTestId('sign-off-form').count()).toBe(0)
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('add-alert')
  })

  it('is not offered to who may write but not sign', async () => {
    const state = activeAs('radiologist')
    if (state.phase === 'active') state.session = { ...state.session, factor: 'fallback' }
    const { page } = await open(state, signed)
    await openFirstStudy(page)
    await page.getByTestId('amend-addendum').waitFor()
    expect(await page.getByTestId('amend-forgotten').count()).toBe(0)
  })
})

describe.skipIf(noChromium)('an addendum or a correction', () => {
  it('begins with a reason and the text that was signed, and is signed as the next version', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), signed)
    await openFirstStudy(page)
    await page.getByTestId('amend-addendum').click()
    await page.getByTestId('amend-begin').click()
    await eventually(() => page.getByTestId('amend-form').textContent()).toContain('请填写原因')
    await page.getByTestId('amend-reason').fill('补充增强扫描结果')
    await page.keyboard.press('Enter')
    await page.getByTestId('amendment-bar').waitFor()
    expect(await page.getByTestId('amendment-bar').textContent()).toContain('补充报告（将成为第 2 版）')
    expect(await page.getByTestId('editor-findings').textContent()).toBe('左肺下叶结节，长径约8mm。')
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('CTA: no finding.')
    await eventually(() => workstation.callsOf('report.save-draft').at(-1)?.args).toMatchObject({
      amendment: { kind: 'addendum', reason: '补充增强扫描结果' },
    })
    await fits(page)
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    expect(await page.getByTestId('sign-off-amendment').textContent()).toBe('补充报告：补充增强扫描结果')
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('signed-summary').waitFor()
    await page.getByTestId('signed-close').click()
    await eventually(() => page.getByTestId('report-version').count()).toBe(2)
    expect(workstation.callsOf('report.prepare-sign-off').at(-1)?.args).toMatchObject({
      amendment: { kind: 'addendum', reason: '补充增强扫描结果' },
    })
    expect(await page.getByTestId('report-amended').textContent()).toBe('补充报告：补充增强扫描结果')
    // Another one can follow.
    expect(await page.getByTestId('amend-correction').isVisible()).toBe(true)
  })

  it('is kept when one leaves and comes back, what it is for as well', async () => {
    const { page } = await open(activeAs('radiologist'), signed)
    await begin(page, 'correction', '侧别有误')
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('right')
    await page.getByTestId('amendment-reason').fill('侧别有误，应为右侧')
    await page.keyboard.press('Alt+ArrowLeft')
    // The list takes the focus when it comes.
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('worklist-table')
    await page.keyboard.press('Enter')
    await page.getByTestId('amendment-bar').waitFor()
    expect(await page.getByTestId('amendment-reason').inputValue()).toBe('侧别有误，应为右侧')
    expect(await page.getByTestId('amendment-bar').textContent()).toContain('更正报告')
    expect(await page.getByTestId('editor-findings').textContent()).toContain('right')
  })

  it('asks what it is for before it is signed, where a draft does not say it', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      signed(fake)
      fake.setDraft({ findings: '右侧少量气胸。', impression: '见上。' })
    })
    await openFirstStudy(page)
    await page.getByTestId('amendment-bar').waitFor()
    await page.keyboard.press('Control+Enter')
    await eventually(() => page.getByTestId('amendment-bar').textContent()).toContain('请填写原因')
    expect(workstation.callsOf('report.prepare-sign-off')).toEqual([])
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('amendment-reason')
    await page.getByTestId('amendment-kind').getByText('更正').click()
    await page.getByTestId('amendment-reason').fill('侧别有误')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    expect(workstation.callsOf('report.prepare-sign-off')[0]?.args).toMatchObject({
      amendment: { kind: 'correction', reason: '侧别有误' },
    })
  })

  it('is not signed where it changes nothing', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), signed)
    await begin(page, 'addendum', '补充增强扫描结果')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByRole('dialog').textContent()).toContain('正文未改动。请至少上报一条')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('add-alert')
    await page.getByTestId('sign-off-back').click()
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByTestId('amendment-reason').inputValue()).toBe('补充增强扫描结果')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
  })

  it('is given up, and nothing of it comes back', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      signed(fake)
      const discard = fake.handlers['report.discard-draft']
      fake.handlers['report.discard-draft'] = (args) =>
        fake.callsOf('report.discard-draft').length === 1 ? fake.fail('gateway-unreachable') : discard(args)
    })
    await begin(page, 'addendum', '补充增强扫描结果')
    await page.getByTestId('editor-findings').click()
    await page.keyboard.type('x')
    const giveUp = async () => {
      await page.getByTestId('amendment-give-up').click()
      await page.locator('.ant-popconfirm-buttons .ant-btn-dangerous').click()
    }
    await giveUp()
    await eventually(() => page.getByTestId('give-up-failed').textContent()).toContain('无法连接网关')
    expect(await page.getByTestId('editor-findings').textContent()).toContain('x')
    // What was typed just before is saved with what stays.
    await eventually(
      () => (workstation.callsOf('report.save-draft').at(-1)!.args as { text: ReportText }).text.findings,
    ).toContain('x')
    await giveUp()
    await page.getByTestId('report-reader').waitFor()
    const saves = workstation.callsOf('report.save-draft').length
    await page.waitForTimeout(1_000)
    expect(workstation.callsOf('report.save-draft').length).toBe(saves)
    expect(await page.getByTestId('report-version').count()).toBe(1)
  })

  it('decides on alerts whose finding is gone: withdrawn or kept, and why', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      signed(fake)
      fake.prepare({
        standing: [
          standing('A1', 'TENSION_PNEUMOTHORAX', '张力性气胸：左侧张力性气胸', 'received'),
          standing('A2', 'BRAIN_HERNIATION', '脑疝：脑疝不除外', 'handled'),
        ],
      })
    })
    await begin(page, 'correction', '复核后更正')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('standing').first().waitFor()
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('sign-off-sign').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还有 2 条')
    expect(workstation.callsOf('report.sign-off')).toEqual([])
    const [one, other] = [page.getByTestId('standing').nth(0), page.getByTestId('standing').nth(1)]
    // What the clinicians have handled cannot be taken back.
    expect(await other.getByTestId('standing-withdraw').isDisabled()).toBe(true)
    await one.getByTestId('standing-withdraw').click()
    await other.getByTestId('standing-keep').click()
    await page.getByTestId('sign-off-sign').click()
    await eventually(() => one.textContent()).toContain('请填写原因')
    await one.getByTestId('standing-reason').fill('复核为肺大疱')
    await other.getByTestId('standing-reason').fill('临床已处置')
    await fits(page)
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('sign-off-sign').click()
    await page.getByTestId('signed-summary').waitFor()
    expect(workstation.callsOf('report.sign-off')[0]?.args).toMatchObject({
      standing: [
        { alertId: 'A1', action: 'withdraw', reason: '复核为肺大疱' },
        { alertId: 'A2', action: 'keep', reason: '临床已处置' },
      ],
    })
    expect(await page.getByTestId('signed-summary').textContent()).toContain('已撤回 1 条')
  })

  it('can be read beside what it changed: who, when, why and which words', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) =>
      fake.setVersions([
        first,
        version(2, '左肺下叶结节，长径约18mm。', { kind: 'correction', reason: '压缩比例有误' }),
      ]),
    )
    await openFirstStudy(page)
    await page.getByTestId('report-version').first().waitFor()
    const versions = page.getByTestId('report-version')
    expect(await versions.first().getAttribute('data-version')).toBe('2')
    expect(await versions.first().textContent()).toMatch(/周启明 于 .* 签发.*更正报告：压缩比例有误/)
    expect(await page.getByTestId('compare').count()).toBe(1)
    await page.getByTestId('compare').click()
    const of = (tag: string) =>
      page.evaluate(`[...document.querySelectorAll('.report-text ${tag}')].map((each) => each.textContent)`)
    expect(await of('del')).toEqual(['8mm'])
    expect(await of('ins')).toEqual(['18mm'])
    await page.getByTestId('compare').click()
    expect(await of('ins')).toEqual([])
  })

  it('is not for who may not write', async () => {
    const { page } = await open(activeAs('quality-manager'), signed)
    await page.getByTestId('workspace').waitFor()
    if ((await page.getByTestId('worklist-row').count()) === 0) return
    await openFirstStudy(page)
    expect(await page.getByTestId('amend-addendum').count()).toBe(0)
  })

  it('finds that somebody else has signed meanwhile, and goes on from there', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await page.getByTestId('editor-findings').click()
    await page.keyboard.type('no finding')
    await eventually(() => workstation.draft().findings).toBe('no finding')
    workstation.setVersions([first])
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-go').click()
    await eventually(() => page.getByTestId('failure').getAttribute('data-code')).toBe('amendment-required')
    await page.getByRole('dialog').getByRole('button', { name: '返回修改' }).click()
    await page.getByTestId('amendment-bar').waitFor()
    expect(await page.getByTestId('editor-findings').textContent()).toBe('no finding')
  })

  it('fits in both languages with a long reason and a long name, however wide', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      const long = version(2, '左侧大量气胸。', {
        kind: 'correction',
        reason: '患者阿卜杜热西提·麦麦提伊敏·阿布都克热木·买买提增强扫描后补充结果并更正侧别'.repeat(3),
      })
      fake.setVersions([first, long])
    })
    await openFirstStudy(page)
    const sizes = [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]
    const fitsAtAll = async (where: string) => {
      for (const size of sizes) {
        await page.setViewportSize(size)
        await fits(page)
        const overflows = await page.evaluate(
          `[...document.querySelectorAll('.report, .report-version, .amendment, .report-bar')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className)`,
        )
        expect(overflows, `${where} at ${size.width}`).toEqual([])
      }
    }
    for (const language of ['zh-CN', 'en']) {
      await page.getByTestId('report-version').first().waitFor()
      await fitsAtAll(`versions in ${language}`)
      await page.getByTestId('amend-addendum').click()
      await page.getByTestId('amend-form').waitFor()
      await fitsAtAll(`reason in ${language}`)
      await page.keyboard.press('Escape')
      await page.getByTestId('language').click()
    }
    await page.getByTestId('amend-correction').click()
    await page.getByTestId('amend-reason').fill('侧别有误')
    await page.keyboard.press('Enter')
    await page.getByTestId('amendment-bar').waitFor()
    await fitsAtAll('amendment')
  })
})
