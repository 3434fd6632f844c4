import { describe, expect, it } from 'vitest'
import { permissionsOf } from '../../../src/shared/access/index.ts'
import { noChromium } from '../../chromium.ts'
import { delivery, everyEvent, type Happened, later, madeAlert, rules } from '../alerts/made-alert.ts'
import { aDayOfAlerts, alertDesk } from './alert-desk.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('the alerts panel', () => {
  const open = windowTests({ images: false })

  async function openPanel(
    details = aDayOfAlerts(Date.now()),
    damaged: string[] = [],
    as = activeAs('radiologist'),
  ) {
    let desk: ReturnType<typeof alertDesk> | undefined
    const { page, workstation } = await open(as, (fake) => {
      desk = alertDesk(fake, details, damaged)
      const dictionary = fake.handlers['critical.dictionary']
      fake.handlers['critical.dictionary'] = async () => ({ ...(await dictionary(undefined)), rules })
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('F8')
    await page.getByTestId('alert-rows').waitFor()
    const row = (id: string) => page.locator(`[data-testid=alert-row][data-alert=${id}]`)
    const detail = async (id: string) => {
      await row(id).click()
      await page.locator(`[data-testid=alert-detail][data-alert=${id}]`).waitFor()
    }
    const data = (selector: string, name: string) =>
      page.evaluate(
        `[...document.querySelectorAll('${selector}')].map((element) => element.dataset.${name})`,
      ) as Promise<string[]>
    const timeline = () => data('[data-testid=alert-timeline] > li', 'event')
    return { data, page, workstation, desk: desk as ReturnType<typeof alertDesk>, row, detail, timeline }
  }

  it('opens by key on the list, by concern; arrows choose; the key closes it', async () => {
    const { page, data } = await openPanel()
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('alert-rows')
    const ids = await data('[data-testid=alert-row]', 'alert')
    expect(ids).toEqual([
      'A2611220002',
      'A2611220003',
      'A2611220001',
      'A2611220004',
      'A2611220005',
      'A2611220006',
    ])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.locator('[data-testid=alert-detail][data-alert=A2611220003]').waitFor()
    expect(await page.locator('[role=option][aria-selected=true]').getAttribute('data-alert')).toBe(
      'A2611220003',
    )
    await fits(page)
    await page.keyboard.press('F8')
    await eventually(() => page.getByTestId('alert-rows').count()).toBe(0)
  })

  it('asks the gateway for each filter, and shows nobody their own alert for checking', async () => {
    const { page, workstation } = await openPanel()
    for (const [show, count] of [
      ['check', 1],
      ['own', 6],
      ['all', 7],
    ] as const) {
      await page.getByTestId(`alerts-show-${show}`).click()
      await eventually(() => page.getByTestId('alert-row').count()).toBe(count)
      expect(
        workstation.callsOf('alerts.list').some(({ args }) => (args as { show: string }).show === show),
      ).toBe(true)
    }
  })

  it('shows who signed in without the key what they raised and what waits, and why they cannot check it', async () => {
    const state = activeAs('radiologist')
    if (state.phase !== 'active') throw new Error('not active')
    const { page, detail } = await openPanel(undefined, undefined, {
      ...state,
      session: {
        ...state.session,
        factor: 'fallback',
        permissions: permissionsOf({ roles: ['radiologist'], factor: 'fallback' }),
      },
    })
    await page.getByTestId('alerts-show-own').waitFor()
    await page.getByTestId('alerts-show-check').click()
    await detail('A2611220004')
    expect(await page.getByTestId('alert-check').isDisabled()).toBe(true)
    expect(await page.getByTestId('alert-barred').textContent()).toContain('USB Key')
  })

  it('names what is damaged, and says when it is empty or cannot be read', async () => {
    const { page, workstation } = await openPanel([], ['A2611219042', 'A2611219043'])
    expect(await page.getByTestId('alerts-damaged').textContent()).toMatch(/2 条.*A2611219042.*A2611219043/)
    await page.getByText('没有未闭环的危急值').waitFor()
    workstation.handlers['alerts.list'] = () => workstation.fail('gateway-unreachable')
    await page.getByTestId('alerts-show-own').click()
    await page.getByTestId('alerts-panel').getByTestId('failure').waitFor()
  })

  it('tells every event in words, every delivery with its error, and marks the keyword', async () => {
    const now = Date.now()
    const all = Object.values(everyEvent).map((event, index): Happened => [event, later(now, index - 30)])
    const deliveries = [
      delivery({ state: 'refused', attempts: 3, lastError: 'ack-timeout' }),
      delivery({ id: 'd2', target: '集成平台', kind: 'escalation', state: 'retrying', nextAttemptAt: now }),
    ]
    const { page, detail, timeline } = await openPanel([madeAlert('A1', all, {}, deliveries)])
    await page.getByTestId('alerts-show-all').click()
    await detail('A1')
    expect(await timeline()).toEqual(Object.keys(everyEvent))
    const words = (await page.getByTestId('alert-timeline').textContent()) ?? ''
    expect(words).not.toMatch(/alerts\.|\{\{|undefined/)
    expect(await page.getByTestId('alert-excerpt').locator('mark').allTextContents()).toEqual([
      '硬膜外血肿',
      '硬膜外血肿',
    ])
    expect(await page.getByTestId('alert-deliveries').textContent()).toMatch(
      /对方拒收.*对方应答超时.*升级通知/,
    )
    expect(await page.getByTestId('alert-hops').textContent()).toMatch(/升级至：科主任 王建业.*\d\d:\d\d/)
    expect(await page.locator('[data-fact=dictionary]').textContent()).toContain('2026.11')
  })

  it('withdraws with a reason, and says why it cannot once it is handled', async () => {
    const { page, workstation, detail, timeline } = await openPanel()
    await detail('A2611220001')
    await page.getByTestId('alert-withdraw').click()
    await page.getByTestId('alert-withdraw-form-submit').click()
    expect(await page.getByTestId('entry-bad').textContent()).toContain('撤回原因')
    expect(workstation.callsOf('alert.withdraw')).toEqual([])
    await page.getByTestId('alert-withdraw-text').fill('侧别写反，已更正报告')
    await page.getByTestId('alert-withdraw-form-submit').click()
    await eventually(timeline).toContain('withdrawn')
    expect(workstation.callsOf('alert.withdraw')[0]?.args).toEqual({
      alert: 'A2611220001',
      reason: '侧别写反，已更正报告',
    })
    await eventually(() => page.getByTestId('alert-withdraw').count()).toBe(0)
    await detail('A2611220006')
    expect(await page.getByTestId('alert-withdraw').isDisabled()).toBe(true)
    expect(await page.getByTestId('alert-barred').textContent()).toContain('已处置，不能撤回')
    await page.getByTestId('alert-close').click()
    await page.getByTestId('alert-close-form-submit').click()
    await eventually(timeline).toContain('closed')
  })

  it('records a call: to the recipient or a contact, reached and read back, with what they do', async () => {
    const { page, workstation, data, detail, timeline } = await openPanel()
    await detail('A2611220001')
    await page.getByTestId('alert-call').click()
    expect(await page.getByTestId('call-phone').inputValue()).toBe('8120')
    await page.getByTestId('call-contacts').getByText('王建业').click()
    expect(await page.getByTestId('call-phone').inputValue()).toBe('8123')
    await page.getByTestId('alert-call-form-submit').click()
    expect(await page.getByTestId('entry-bad').textContent()).toContain('是否接通')
    await page.getByTestId('call-reached').click()
    await page.getByTestId('alert-call-form-submit').click()
    expect(await page.getByTestId('entry-bad').textContent()).toContain('复读')
    await page.getByTestId('call-read-back').click()
    await page.getByTestId('call-handling').fill('急诊手术')
    await page.getByTestId('alert-call-form-submit').click()
    await eventually(timeline).toEqual(['raised', 'released', 'delivered', 'called', 'handled'])
    expect(workstation.callsOf('alert.record-call')[0]?.args).toMatchObject({
      called: { name: '王建业', role: 'doctor', phone: '8123' },
      reached: true,
      readBack: true,
      handling: '急诊手术',
    })
    const marks = await data('[data-testid=alert-detail] [data-step]', 'mark')
    expect(marks).toEqual(['done', 'done', 'done', 'done', 'now'])
  })

  it('checks what it showed with key and PIN, keeps the ticks on a wrong PIN, and no PIN', async () => {
    const { page, workstation, desk, detail, timeline } = await openPanel()
    await detail('A2611220004')
    await page.getByTestId('alert-check').click()
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('alert-check-form-submit').click()
    expect(await page.getByTestId('entry-bad').textContent()).toContain('逐项确认')
    for (const part of ['patient', 'finding', 'content', 'recipient'])
      await page.getByTestId(`check-${part}`).click()
    const check = workstation.handlers['alert.check']
    workstation.handlers['alert.check'] = () => workstation.fail('pin-wrong', { triesLeft: 3 })
    await page.getByTestId('pin').fill('000000')
    await page.getByTestId('alert-check-form-submit').click()
    await page.locator('[data-testid=entry-bad][data-code=pin-wrong]').waitFor()
    expect(await page.getByTestId('pin').inputValue()).toBe('')
    expect(await page.getByTestId('check-content').isChecked()).toBe(true)
    workstation.handlers['alert.check'] = check
    await page.getByTestId('pin').fill('123456')
    await page.getByTestId('alert-check-form-submit').click()
    await eventually(timeline).toEqual(['raised', 'check-requested', 'checked', 'released'])
    const sent = workstation.callsOf('alert.check').at(-1)?.args as { content: object }
    const { id, patientId, patientName, accessionNumber, type, level, content, recipient } =
      desk.details[3]!.alert
    expect(sent).toMatchObject({
      alert: 'A2611220004',
      tokenId: 'slot-0',
      certificateId: '01',
      pin: '123456',
    })
    expect(sent.content).toEqual({
      id,
      patientId,
      patientName,
      accessionNumber,
      type,
      level,
      content,
      recipient,
    })
  })

  it('makes the ticks void where the alert changes under the eyes of who checks it', async () => {
    const { page, workstation, desk, detail } = await openPanel()
    await detail('A2611220004')
    await page.getByTestId('alert-check').click()
    await page.getByTestId('check-recipient').click()
    const at = desk.details[3]!
    desk.details[3] = {
      ...at,
      alert: { ...at.alert, recipient: { ...at.alert.recipient, name: 'ICU', phone: '1' } },
    }
    workstation.emit({ kind: 'alert-changed', alertId: 'A2611220004' })
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('已变化')
    expect(await page.getByTestId('check-recipient').isChecked()).toBe(false)
  })

  it('says so where what is being written cannot be done any more', async () => {
    const { page, detail, desk } = await openPanel()
    await detail('A2611220001')
    await page.getByTestId('alert-withdraw').click()
    await page.getByTestId('alert-withdraw-text').fill('侧别写反')
    desk.happens('A2611220001', everyEvent.received, everyEvent.handled)
    await eventually(() => page.getByTestId('alert-form-gone').textContent()).toContain('不能再“撤回”')
    await detail('A2611220002')
    expect(await page.getByTestId('alert-form-gone').count()).toBe(0)
  })

  it('objects with a remark; and lets nobody check their own, saying why', async () => {
    const { page, workstation, detail } = await openPanel()
    await detail('A2611220004')
    await page.getByTestId('alert-object').click()
    await page.getByTestId('alert-object-text').fill('应为右侧')
    await page.getByTestId('alert-object-form-submit').click()
    await eventually(() => workstation.callsOf('alert.object')[0]?.args).toEqual({
      alert: 'A2611220004',
      remark: '应为右侧',
    })
    await detail('A2611220005')
    expect(await page.getByTestId('alert-check').isDisabled()).toBe(true)
    expect(await page.getByTestId('alert-barred').textContent()).toContain('另一位医师')
  })

  it('counts down by itself, without asking again, and follows what happens', async () => {
    const { page, workstation, desk, detail } = await openPanel()
    await detail('A2611220001')
    const due = page.getByTestId('alert-detail').getByTestId('due')
    const before = await due.textContent()
    const asked = workstation.callsOf('alerts.list').length + workstation.callsOf('alert.open').length
    await eventually(() => due.textContent()).not.toBe(before)
    // At the next second as well.
    await page.waitForTimeout(1_200)
    expect(workstation.callsOf('alerts.list').length + workstation.callsOf('alert.open').length).toBe(asked)
    desk.happens('A2611220001', { ...everyEvent.received, at: Date.now() })
    await eventually(() => due.textContent()).toContain('处置剩余')
    expect(await page.getByTestId('alert-row').first().getAttribute('data-alert')).toBe('A2611220002')
    expect(
      await page.locator('[data-testid=alert-row][data-alert=A2611220001]').getAttribute('data-status'),
    ).toBe('received')
  })

  it('says that it is late by a word and a mark, not by colour alone', async () => {
    const { row } = await openPanel()
    const due = row('A2611220002').getByTestId('due')
    expect(await due.getAttribute('data-late')).toBe('true')
    expect(await due.textContent()).toMatch(/^!超时未接收 \d\d:\d\d请电话通知$/)
  })

  it('opens the study from it, and is closed then', async () => {
    const { page, workstation, detail } = await openPanel()
    await detail('A2611220001')
    await page.getByTestId('alert-open-study').click()
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.open')[0]?.args).toEqual({ study: '1.2.826.0.1.3680043.10.1700.1' })
    await eventually(() => page.getByTestId('alert-rows').count()).toBe(0)
  })

  it('stays fluid with hundreds of alerts that all count down', async () => {
    const now = Date.now()
    const many = Array.from({ length: 300 }, (_, n) =>
      madeAlert(`B${String(n).padStart(6, '0')}`, [
        [everyEvent.raised, later(now, -n / 100)],
        [everyEvent.released, later(now, -n / 100)],
      ]),
    )
    const { page } = await openPanel(many)
    await eventually(() => page.getByTestId('alert-row').count()).toBe(300)
    await page.evaluate(`{
      window.long = []
      new PerformanceObserver((list) => window.long.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: 'longtask' })
    }`)
    const began = Date.now()
    for (let n = 0; n < 40; n += 1) await page.keyboard.press('ArrowDown')
    await page.waitForTimeout(1_500)
    expect(await page.locator('[role=option][aria-selected=true]').getAttribute('aria-selected')).toBe('true')
    const long = (await page.evaluate('window.long')) as number[]
    // On a machine that others use; a second's tick over all rows would show as one long task each.
    expect(Math.max(0, ...long)).toBeLessThan(400)
    expect(Date.now() - began).toBeLessThan(30_000)
  })
})
