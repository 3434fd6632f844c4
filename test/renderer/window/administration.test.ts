import { describe, expect, it } from 'vitest'
import { ipc } from '../../../src/shared/ipc/index.ts'
import { noChromium } from '../../chromium.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import * as office from './office.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()

/** The officers' tables, the call that fills each, and a full answer. */
const tables = [
  ['accounts', 'administration.accounts', office.accounts(now)],
  ['workstations', 'administration.workstations', office.workstations(now)],
  ['sessions', 'administration.sessions', office.sessions(now)],
  ['sign-in-failures', 'administration.sign-in-failures', [office.signInFailure(1, now)]],
  ['certificates', 'administration.certificates', office.certificates(now)],
  ['fallback-grants', 'administration.fallback-grants', office.grants(now)],
] as const

const sizes = [
  [1920, 1080],
  [1366, 768],
] as const

const fill = (fake: FakeWorkstation) => {
  for (const [, channel, rows] of tables) fake.handlers[channel] = () => [...rows] as never
}

describe.skipIf(noChromium)('the officers’ tables', () => {
  const open = windowTests()
  const officer = activeAs('security-officer', '孙保密')

  it('fit the window, however wide and in either language, long names and all', async () => {
    const { page } = await open(officer, fill)
    for (const language of ['zh-CN', 'en']) {
      for (const [area] of tables) {
        await page.getByTestId(`area-${area}`).click()
        await page.getByTestId(`${area}-row`).first().waitFor()
        await page.getByTestId(`${area}-row`).last().click()
        for (const [width, height] of language === 'en' ? ([[1366, 768]] as const) : sizes) {
          await page.setViewportSize({ width, height })
          // Nothing of the page is wider than the window, and no toolbar is cut off.
          const overflow = await page.evaluate(
            `[...document.querySelectorAll('.toolbar, .officer-body, .facts, .list-foot')]
              .filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.className)`,
          )
          expect([area, width, language, overflow]).toEqual([area, width, language, []])
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        }
      }
      await page.getByTestId('language').click()
    }
  })

  it('say so where there is nothing, and where they could not be read', async () => {
    const { page } = await open(officer, (fake) => {
      for (const [, channel] of tables) fake.handlers[channel] = () => []
      fake.handlers['administration.certificates'] = () => fake.fail('gateway-unreachable')
    })
    for (const [area] of tables) {
      await page.getByTestId(`area-${area}`).click()
      await page.getByTestId(area === 'certificates' ? 'failure' : 'officer-empty').waitFor()
    }
  })

  it('keep their rows, marked, where a refresh fails', async () => {
    const { page, workstation } = await open(officer, fill)
    await page.getByTestId('accounts-row').first().waitFor()
    workstation.handlers['administration.accounts'] = () => workstation.fail('gateway-unreachable')
    await page.getByTestId('refresh').click()
    await page.getByTestId('officer-not-current').waitFor()
    expect(await page.getByTestId('accounts-row').count()).toBeGreaterThan(10)
  })

  it('sort by a click on a head: up, down, and back', async () => {
    const { page } = await open(officer, fill)
    const head = page.locator('[data-column=name]')
    const first = () => page.getByTestId('accounts-row').first().locator('[role=gridcell]').nth(1).innerText()
    await page.getByTestId('accounts-row').first().waitFor()
    expect(await head.getAttribute('aria-sort')).toBe('none')
    await head.getByRole('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect(await first()).toContain('阿依古丽')
    // By the keyboard too: the button has its own Enter.
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect(await first()).toBe('周晓彤')
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('none')
    expect(await first()).toBe('李明华')
  })

  it('filter by words and choices, and export what is left', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.export'] = ({ fileName }) => ({ path: `/home/officer/${fileName}` })
    })
    await page.getByTestId('accounts-row').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('张伟')
    await eventually(() => page.getByTestId('officer-count').innerText()).toContain('显示 4 / 共 40 项')
    await page.getByTestId('filter-roles').click()
    await page.locator('.ant-select-item-option', { hasText: '技师' }).click()
    await eventually(() => page.getByTestId('officer-count').innerText()).toContain('显示 2 /')
    await page.locator('[data-column=login]').getByRole('button').click()
    await page.getByTestId('export').click()
    await page.getByText('/home/officer/账号-').waitFor()
    const [call] = workstation.callsOf('administration.export')
    const { table, rows, text } = ipc['administration.export'].args.parse(call?.args)
    expect([table, rows]).toEqual(['accounts', 2])
    expect(text.split('\r\n')[0]).toBe('登录名,姓名,工号,角色,访问等级,状态,证书,最近登录')
    expect(text.split('\r\n')).toHaveLength(4)
    await page.getByTestId('officer-search').fill('没有此人')
    await page.getByTestId('officer-empty').getByRole('button').click()
    await eventually(() => page.getByTestId('officer-count').innerText()).toContain('共 40 项')
  })

  it('the live sessions keep selection and scroll while they are read again', async () => {
    let ended = false
    const rows = office.sessions(now, 80)
    const { page, workstation } = await open(officer, (fake) => {
      fake.handlers['administration.sessions'] = () => (ended ? rows.filter((_, n) => n !== 40) : rows)
      fake.handlers['administration.end-session'] = () => {
        ended = true
        return {}
      }
    })
    await page.getByTestId('area-sessions').click()
    await page.getByTestId('sessions-row').first().waitFor()
    expect(await page.getByTestId('session-cap').innerText()).toContain('80 个会话 / 上限 500')
    const table = page.getByTestId('sessions-table')
    await page.getByTestId('sessions-row').nth(2).click()
    for (let down = 0; down < 38; down += 1) await page.keyboard.press('ArrowDown')
    const chosen = () => page.locator('[aria-selected=true]').getAttribute('data-session')
    expect(await chosen()).toBe(rows[40]?.id)
    const scroll = await table.evaluate((element) => element.scrollTop)
    expect(scroll).toBeGreaterThan(300)
    const asked = workstation.callsOf('administration.sessions').length
    await eventually(() => workstation.callsOf('administration.sessions').length).toBeGreaterThan(asked + 1)
    expect([await chosen(), await table.evaluate((element) => element.scrollTop)]).toEqual([
      rows[40]?.id,
      scroll,
    ])
    // Enter ends it, with a reason and not without.
    await page.keyboard.press('Enter')
    await page.getByTestId('reason').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('reason').fill('人员已离岗')
    await page.keyboard.press('Enter')
    await page.getByText('会话已结束').waitFor()
    expect(workstation.callsOf('administration.end-session')[0]?.args).toEqual({
      id: rows[40]?.id,
      reason: '人员已离岗',
    })
    await eventually(() => table.getAttribute('aria-rowcount')).toBe('79')
    expect(await table.evaluate((element) => element.scrollTop)).toBe(scroll)
  })

  it('sign-in failures read back into the past, in words', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fake.handlers['administration.sign-in-failures'] = ({ before = 451 }) =>
        Array.from({ length: Math.min(200, before - 1) }, (_, n) => office.signInFailure(before - 1 - n, now))
    })
    await page.getByTestId('area-sign-in-failures').click()
    await page.getByTestId('sign-in-failures-older').click()
    await page.getByTestId('sign-in-failures-older').click()
    await eventually(() => page.getByTestId('sign-in-failures-table').getAttribute('aria-rowcount')).toBe(
      '450',
    )
    expect(workstation.callsOf('administration.sign-in-failures').map((call) => call.args)).toEqual([
      {},
      { before: 251 },
      { before: 51 },
    ])
    await page.getByTestId('filter-reason').click()
    await page.locator('.ant-select-item-option', { hasText: 'PIN 错误' }).click()
    await eventually(() => page.getByTestId('sign-in-failures-table').getAttribute('aria-rowcount')).toBe(
      '56',
    )
  })

  it('certificates stand by their end, and a person’s is revoked with a reason', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.revoke-certificate'] = () => ({})
    })
    await page.getByTestId('area-certificates').click()
    await page.getByTestId('certificates-row').first().waitFor()
    const ends = await page.locator('[data-testid=certificates-row] > :nth-child(5)').allInnerTexts()
    expect(ends).toEqual(ends.toSorted())
    await page.getByText('即将到期，还有 12 天').waitFor()
    // The expired and the good one of a person; not the revoked, not the gateway's.
    expect(await page.getByTestId('certificate-revoke').count()).toBe(2)
    await page.getByTestId('certificate-revoke').last().click()
    await page.getByTestId('reason').fill('Key 丢失')
    await page.getByTestId('action-submit').click()
    await page.getByText('证书已吊销').waitFor()
    expect(workstation.callsOf('administration.revoke-certificate')[0]?.args).toEqual({
      fingerprint: '2'.repeat(64),
      reason: 'Key 丢失',
    })
  })

  it('the auditor looks at grants and policy, and is offered nothing to change', async () => {
    const { page } = await open(activeAs('auditor', '钱审计'), fill)
    await page.getByTestId('area-fallback-grants').click()
    await page.getByText(/孙保密 于 .* 收回/).waitFor()
    await page.getByTestId('area-policy').click()
    await page.getByTestId('policy-editor').waitFor()
    expect(await page.locator('[data-testid=policy-editor] input').count()).toBe(0)
    expect(await page.getByTestId('policy-review').count()).toBe(0)
    await page.getByText('只读：安全策略由安全保密员修改').waitFor()
  })

  it('workstations: a ticket shown once with the time left, and suspension with a reason', async () => {
    const ticket = `gateway:9444/7F3K9QWERTYASDFGZXCVBN/${'ab'.repeat(32)}`
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.create-enrolment-ticket'] = ({ minutes }) => ({
        ticket,
        expiresAt: Date.now() + minutes * 60_000,
      })
      fake.handlers['administration.suspend-workstation'] = () => fake.fail('conflict', { field: 'state' })
    })
    await page.getByTestId('area-workstations').click()
    await page.getByTestId('ticket-create').click()
    await page.getByTestId('ticket-minutes').fill('0')
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('ticket-minutes').fill('30')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('one-time-left').innerText()).toMatch(
      /还有 (30 分 0|29 分 \d+) 秒/,
    )
    expect(await page.getByTestId('one-time-value').innerText()).toBe(ticket)
    await page.getByTestId('one-time-copy').click()
    await page.getByText('已复制').waitFor()
    await page.getByTestId('one-time-close').click()
    await eventually(() => page.evaluate('document.body.innerText')).not.toContain(ticket)
    await page.getByTestId('workstations-row').first().click()
    await page.getByTestId('workstation-suspend').click()
    await page.getByTestId('reason').fill('设备维修')
    await page.getByTestId('action-submit').click()
    await page.getByTestId('action-failure').getByText('状态已被其他人更改').waitFor()
    expect(workstation.callsOf('administration.suspend-workstation')[0]?.args).toMatchObject({
      reason: '设备维修',
    })
  })
})
