import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { LabelRules } from '../../../src/shared/access/index.ts'
import type { FoundReport } from '../../../src/shared/api/index.ts'
import type { ShownReport } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { aDayOfAlerts, alertDesk } from './alert-desk.ts'
import { accessible } from './axe.ts'
import { exam, order } from './facts.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { study, studyUid } from './study.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS
const now = Date.now()
const hidden = ['patientName' as const, 'patientId' as const, 'phone' as const]
const identity = {
  accessionNumber: order.accessionNumber,
  patientName: '欧阳晓明',
  patientId: 'P000123456',
  sex: 'F',
  birthDate: '19800203',
  phone: '13800001234',
  ward: '呼吸内科一病区',
  bed: '12',
  showForMs: 60_000,
}
const digest = 'ab'.repeat(32)
const veiled: ShownReport = {
  document: {
    schema: 'vigil/report/v1',
    reportId: 'report-1',
    version: 1,
    previous: null,
    gatewayId: 'gateway-1',
    studyInstanceUid: studyUid,
    accessionNumber: order.accessionNumber,
    patientId: '',
    patientName: '欧阳**',
    author: { accountId: 'account-reviewer', name: '周启明' },
    preparedAt: 0,
    dictionaryVersion: '1',
    exam,
    text: { findings: '双肺纹理清晰。', impression: '未见异常。' },
    amendment: null,
    decisions: [],
    standing: [],
  },
  signature: 'c2lnbmF0dXJl',
  algorithm: 'ECDSA-SHA256',
  certificate: Buffer.from('a certificate').toString('base64'),
  signedAt: Date.UTC(2026, 10, 23, 2, 30),
  veiled: { fields: hidden, digest },
}

async function shot(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1920, 1080],
    [1366, 768],
  ] as const) {
    await page.setViewportSize({ width, height })
    if (shots) await page.waitForTimeout(250)
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`) })
  }
}

/** By the eye that stands there: asked with a reason, shown, hidden again. */
async function reveal(page: Page, eye: ReturnType<Page['locator']>): Promise<void> {
  await eye.click()
  expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
  await page.getByTestId('reveal-phone').click()
  await page.getByTestId('action-submit').click()
  await page.getByTestId('revealed').getByText('欧阳晓明').waitFor()
  await page.getByTestId('reveal-hide').click()
  await page.getByTestId('revealed').waitFor({ state: 'detached' })
}

const identities = (fake: FakeWorkstation) => {
  fake.handlers['identity.reveal'] = () => identity
  fake.handlers['study.open'] = () => ({
    study: { ...study, patientName: '欧阳**', patientId: '' },
    order: { ...order, patientName: '欧阳**', patientId: '****', phone: '****34' },
    sensitivity: 'general',
    hidden,
  })
}

describe.skipIf(noChromium)('what is masked', () => {
  const open = windowTests({ images: false })

  it('a report whose words are labelled opens by emergency access, with a reason', async () => {
    let broken = false
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setVersions([{ ...veiled, veiled: undefined } as ShownReport])
      const read = fake.handlers['report.open']
      fake.handlers['report.open'] = (args) =>
        broken ? read(args) : fake.fail('study-restricted', { sensitivity: 'sensitive' })
      fake.handlers['study.break-glass'] = () => {
        broken = true
        return { until: now + 3_600_000 }
      }
    })
    await openFirstStudy(page)
    await page.getByTestId('report-restricted').waitFor()
    await shot(page, 'report-restricted')
    await accessible(page, 'report-restricted')
    await page.getByTestId('report-break-glass').click()
    await page.getByTestId('glass-reason').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    if (shots) await page.screenshot({ path: join(shots, 'report-glass.png') })
    await page.getByTestId('glass-consultation').click()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('report-version').waitFor()
    expect(workstation.callsOf('study.break-glass').map(({ args }) => args)).toEqual([
      { study: studyUid, reason: '会诊需要', report: true },
    ])
    expect(await page.getByTestId('report-restricted').count()).toBe(0)
  })

  it('a veiled report says so, is revealed in the head, and is printed as it is seen, without evidence', async () => {
    const { page, workstation } = await open(activeAs('quality-manager'), (fake) => {
      identities(fake)
      fake.setVersions([veiled])
    })
    await openFirstStudy(page)
    await page.getByTestId('report-veiled').waitFor()
    expect(await page.getByTestId('exam-facts').textContent()).toContain('欧阳**')
    await shot(page, 'report-veiled')
    await accessible(page, 'report-veiled')
    await reveal(page, page.getByTestId('exam-facts').getByTestId('reveal'))
    expect(workstation.callsOf('identity.reveal')[0]?.args).toEqual({
      studyInstanceUid: studyUid,
      accessionNumber: order.accessionNumber,
      reason: '联系患者或病区',
    })
    await page.getByTestId('print-open').click()
    const sheet = page.locator('.print-preview').getByTestId('report-sheet')
    await sheet.waitFor()
    // The digest of what was signed, as the gateway says it.
    expect((await sheet.textContent())?.replaceAll(' ', '')).toContain(digest)
    expect(await page.getByTestId('print-veiled').count()).toBe(1)
    expect(await page.getByTestId('print-json').count()).toBe(0)
    await shot(page, 'print-veiled')
  })

  it('an alert and a report found by looking back have the eye; one that cannot be opened the emergency access', async () => {
    const found: FoundReport = {
      reportId: 'report-1',
      version: 1,
      studyInstanceUid: studyUid,
      accessionNumber: 'CT2611230001',
      patientId: '',
      patientName: '欧阳**',
      modality: 'CT',
      itemName: '胸部CT平扫',
      author: '周启明',
      signedAt: now,
      alerts: 0,
      hits: [],
      veiled: true,
    }
    const { page, workstation } = await open(activeAs('quality-manager'), (fake) => {
      identities(fake)
      const [first, second] = aDayOfAlerts(now)
      const masked = (detail: typeof first) => ({
        ...detail!,
        patientPhone: '****34',
        alert: { ...detail!.alert, patientName: '欧阳**', patientId: '', veiled: true },
      })
      alertDesk(fake, [masked(first), masked(second)])
      const opened = fake.handlers['alert.open']
      fake.handlers['alert.open'] = (args) =>
        args.alert === second!.alert.id
          ? fake.fail('study-restricted', { sensitivity: 'sensitive' })
          : opened(args)
      fake.handlers['retrospect.search'] = () => ({
        reports: [found],
        scanned: 1,
        total: 1,
        cursor: null,
        damaged: 0,
      })
      fake.handlers['retrospect.authors'] = () => ({ authors: [] })
    })
    await page.getByTestId('area-report-search').click()
    await page.getByTestId('search-run').click()
    await page.getByTestId('found-report').waitFor()
    await shot(page, 'retrospect-veiled')
    await reveal(page, page.getByTestId('found-report').getByTestId('reveal'))
    // What was typed in the dialog opened nothing in the list behind it.
    expect(await page.getByTestId('reading-room').count()).toBe(0)
    await page.keyboard.press('F8')
    await page.getByTestId('alert-row').first().waitFor()
    const rows = page.getByTestId('alert-row')
    const count = await rows.count()
    expect(count).toBe(2)
    for (let at = 0; at < count; at += 1) {
      await rows.nth(at).click()
      await page.locator('[data-testid=alert-detail], [data-testid=failure]').first().waitFor()
      if ((await page.getByTestId('alert-detail').count()) === 0) {
        // The quality manager breaks no glass.
        expect(await page.getByTestId('report-break-glass').count()).toBe(0)
        continue
      }
      await shot(page, 'alert-veiled')
      await reveal(page, page.getByTestId('alert-detail').getByTestId('reveal'))
    }
    expect(workstation.callsOf('identity.reveal')).toHaveLength(2)
  })

  it('a quarantined message is corrected unseen, or shown whole with a reason', async () => {
    const message = {
      id: '1',
      feed: 'his-orders',
      peer: '10.1.2.3',
      receivedAt: now,
      messageType: 'ORM^O01',
      controlId: 'MSG00001',
      reason: 'code',
      where: 'PID-8',
      bytes: 120,
      state: 'waiting' as const,
      settledAt: null,
      settledBy: '',
    }
    const whole =
      'MSH|^~\\&|HIS|H|VIGIL|R|20261123||ORM^O01|MSG00001|P|2.5.1\rPID|1||P001||欧阳晓明||19800203|X\r'
    const { page, workstation } = await open(activeAs('system-administrator', '周系统'), (fake) => {
      Object.assign(fake.handlers, {
        'administration.accounts': () => [],
        'interfaces.targets': () => ({ targets: [] }),
        'interfaces.dead-letters': () => ({ letters: [] }),
        'interfaces.feeds': () => ({ feeds: [] }),
        'interfaces.quarantine': () => ({ messages: [message], waiting: 1 }),
        'interfaces.quarantined-message': () => ({
          message,
          text: whole.replace('P001', '***').replace('欧阳晓明', '***').replace('19800203', '***'),
          veiled: true,
          correctable: true,
        }),
        'interfaces.reveal-quarantined': () => ({ text: whole }),
        'interfaces.replay-quarantined': () => ({}),
      } satisfies Partial<FakeWorkstation['handlers']>)
    })
    await page.getByTestId('area-interfaces').click()
    await page.getByTestId('interfaces-part').getByText('隔离区', { exact: true }).click()
    await page.getByTestId('quarantine-row').first().dblclick()
    const area = page.getByTestId('quarantined-text')
    await area.waitFor()
    expect(await area.inputValue()).not.toContain('欧阳')
    await shot(page, 'quarantine-veiled')
    await accessible(page, 'quarantine-veiled')
    await page.getByTestId('quarantined-reveal').click()
    await page.getByTestId('reason').fill('核对患者号')
    if (shots) await page.screenshot({ path: join(shots, 'quarantine-reveal.png') })
    await page.getByTestId('reason').press('Enter')
    await eventually(() => area.inputValue()).toContain('欧阳晓明')
    expect(workstation.callsOf('interfaces.reveal-quarantined')[0]?.args).toEqual({
      id: '1',
      reason: '核对患者号',
    })
    expect(await page.getByTestId('quarantined-reveal').count()).toBe(0)
    await area.fill((await area.inputValue()).replace('|X', '|F'))
    await page.getByText('按改正后的内容入库').click()
    await eventually(() => workstation.callsOf('interfaces.replay-quarantined')[0]?.args).toEqual({
      id: '1',
      text: whole.replace('|X', '|F'),
    })
  })

  it('label rules that were damaged are named, and written anew from the last that can be read', async () => {
    const rule = { id: 'vip', name: '院领导', label: 'highly-sensitive', active: true }
    const rules = LabelRules.parse({ rules: [{ ...rule, kind: 'patient', ids: ['P1'], names: [] }] })
    let version = 4
    const { page, workstation } = await open(activeAs('security-officer', '孙保密'), (fake) => {
      fake.handlers['glass.breaks'] = () => []
      fake.handlers['labels.history'] = () => []
      fake.handlers['labels.rules'] = () => ({
        version,
        rules,
        changedAt: now,
        changedBy: '孙保密',
        ...(version === 4 ? { unreadable: { from: 3 } } : {}),
      })
      fake.handlers['labels.change'] = ({ rules: saved }) => {
        version = 5
        return { version, rules: saved, changedAt: now, changedBy: '孙保密' }
      }
    })
    await page.getByTestId('area-labels').click()
    await page.getByTestId('labels-part').getByText('标记规则').click()
    const notice = page.getByTestId('rules-unreadable')
    await notice.waitFor()
    expect(await notice.textContent()).toMatch(/第 4 版.*第 3 版/)
    await shot(page, 'rules-unreadable')
    await accessible(page, 'rules-unreadable')
    await page.getByTestId('rules-save').click()
    await page.getByText('取代已损坏的第 4 版').waitFor()
    await page.getByTestId('action-submit').click()
    await notice.waitFor({ state: 'detached' })
    expect(workstation.callsOf('labels.change')[0]?.args).toEqual({ rules, baseVersion: 4 })
  })
})
