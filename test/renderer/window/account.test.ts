import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/shared/access/index.ts'
import type { OwnCredentials } from '../../../src/shared/api/index.ts'
import type { SessionView } from '../../../src/shared/session/index.ts'
import { noChromium } from '../../chromium.ts'
import { ownCredentials, sessionOf } from './facts.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const now = Date.now()
const day = 86_400_000
const longName = '阿卜杜热西提·麦麦提伊敏·阿布都克热木·买买提'

const active = (change: Partial<SessionView> = {}, name = '李明华', role: Role = 'radiologist') =>
  ({ phase: 'active', session: { ...sessionOf(role, name, now), ...change } }) as const
const own = (change: Partial<OwnCredentials>) => (fake: FakeWorkstation) => {
  fake.handlers['account.own'] = () => ({ ...ownCredentials(now), ...change })
}

async function menu(page: Page, entry: string): Promise<void> {
  await page.getByTestId('who').click()
  await page.getByTestId(`account-${entry}`).click()
}

const open = windowTests({ images: false })

describe.skipIf(noChromium)('one’s own account', () => {
  it('tells its certificates, its last sign-in and what it is signed in by, by keys alone', async () => {
    const { page } = await open(active())
    // The list takes the focus when it comes.
    await page.getByTestId('worklist-row').first().waitFor()
    await page.getByTestId('who').focus()
    await page.keyboard.press('Enter')
    await page.getByTestId('account-overview').waitFor()
    await eventually(() => page.evaluate('document.activeElement.role')).toBe('menuitem')
    await page.keyboard.press('Enter')
    await page.getByTestId('last-sign-in').waitFor()
    expect(await page.getByTestId('last-sign-in').textContent()).toContain('CT 室-01')
    expect(await page.getByTestId('failures-since').textContent()).toContain('没有失败')
    expect(await page.getByTestId('own-certificate').textContent()).toContain('李明华')
    await fits(page)
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('last-sign-in').count()).toBe(0)
  })

  it('has nothing to change where there is no password, and says how to come by one', async () => {
    const { page } = await open(active(), own({ password: null, certificates: [], lastSignIn: null }))
    await menu(page, 'overview')
    await page.getByTestId('password-state').waitFor()
    const said = await page.locator('dl.account').textContent()
    for (const words of ['没有绑定证书', '这是您第一次登录', '未设置密码']) expect(said).toContain(words)
    expect(await page.getByTestId('to-password').count()).toBe(0)
    await page.keyboard.press('Escape')
    await menu(page, 'totp')
    await eventually(() => page.getByTestId('no-password').textContent()).toContain('一次性密码')
  })

  it('says that it could not be had, and tries again', async () => {
    const { page } = await open(active(), (fake) => {
      fake.handlers['account.own'] = () => fake.fail('gateway-unreachable')
    })
    await menu(page, 'overview')
    await page.getByTestId('failure').waitFor()
  })

  it('has its password changed', async () => {
    const next = 'Plum-harvest-88 tin'
    const { page, workstation } = await open(active(), (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => ({
        password: true,
        fallback: true,
        newPassword: { minLength: 12, minClasses: 3, history: 5 },
      })
      fake.handlers['account.change-password'] = ({ password }) =>
        password === 'old' ? {} : fake.fail('password-wrong')
    })
    await menu(page, 'password')
    const enter = async (password: string) => {
      await page.getByTestId('password').fill(password)
      for (const field of ['new-password', 'new-password-again']) await page.getByTestId(field).fill(next)
      await page.keyboard.press('Enter')
    }
    await page.getByTestId('password').waitFor()
    await eventually(() => page.locator('[data-hint=too-short]').textContent()).toContain('12')
    await enter('wrong')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('密码不正确')
    for (const field of ['password', 'new-password', 'new-password-again']) {
      expect(await page.getByTestId(field).inputValue()).toBe('')
    }
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('password')
    await fits(page)
    await enter('old')
    await page.getByTestId('change-password-done').waitFor()
    expect(workstation.callsOf('account.change-password').at(-1)?.args).toEqual({
      password: 'old',
      newPassword: next,
    })
    expect(await page.content()).not.toContain(next)
  })

  it('gets an authenticator: password, secret as picture and as text, a code that proves it', async () => {
    const { page, workstation } = await open(active(), (fake) => {
      fake.handlers['account.confirm-totp'] = ({ code }) =>
        code === '123456' ? {} : fake.fail('totp-code-wrong')
    })
    await menu(page, 'totp')
    await page.getByTestId('password').fill('secret')
    await page.keyboard.press('Enter')
    await page.getByTestId('totp-confirm').waitFor()
    expect(await page.locator('.ant-qrcode svg path').count()).toBeGreaterThan(0)
    expect((await page.getByTestId('totp-groups').textContent())?.trim()).toBe(
      'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
    )
    await fits(page)
    await page.getByTestId('code').fill('000000')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('动态码不正确')
    await page.getByTestId('code').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('totp-done').waitFor()
    expect(workstation.callsOf('account.begin-totp')[0]?.args).toEqual({ password: 'secret' })
    expect(await page.content()).not.toContain('JBSW')
  })

  it('goes from the page with a lock, secret and all', async () => {
    const { page } = await open(active())
    await menu(page, 'totp')
    await page.getByTestId('password').fill('secret')
    await page.keyboard.press('Enter')
    await page.getByTestId('totp-groups').waitFor()
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.content()).not.toContain('JBSW')
    expect(await page.locator('.ant-modal').count()).toBe(0)
  })
})

describe.skipIf(noChromium)('what a session is told', () => {
  it('is nothing on most days', async () => {
    const { page, workstation } = await open(active())
    await page.getByTestId('worklist-row').first().waitFor()
    await eventually(() => workstation.callsOf('account.own').length).toBe(1)
    expect(await page.locator('.notice').count()).toBe(0)
  })

  it('is of failed attempts, once: not again after a lock', async () => {
    const { page, workstation } = await open(active(), own({ failuresSince: 3 }))
    await page.getByTestId('failures-notice').waitFor()
    expect(await page.getByTestId('failures-notice').textContent()).toMatch(/CT 室-01.*3 次/)
    await page.getByTestId('failures-seen').click()
    await eventually(() => page.getByTestId('failures-notice').count()).toBe(0)
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    workstation.setState(active())
    await page.getByTestId('worklist-row').first().waitFor()
    expect(await page.getByTestId('failures-notice').count()).toBe(0)
  })

  it('is of a password that ends, with the way to change it', async () => {
    const { page } = await open(active({ passwordEndsAt: now + 4.5 * day }))
    await eventually(() => page.getByTestId('password-ends').textContent()).toContain('还有 5 天')
    await page.getByTestId('password-ends-change').click()
    await page.getByTestId('change-password').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('password-ends-seen').click()
    await eventually(() => page.getByTestId('password-ends').count()).toBe(0)
  })

  it('is of a missing key, for as long as it lasts', async () => {
    const { page } = await open(active({ factor: 'fallback' }))
    await eventually(() => page.getByTestId('fallback-badge').textContent()).toMatch(
      /应急登录（无 USB Key）：不能签发报告，至 (\d\d-\d\d )?\d\d:\d\d/,
    )
    expect(await page.getByTestId('fallback-badge').getByRole('button').count()).toBe(0)
    // A draft can be written, and not signed.
    await openFirstStudy(page)
    await page.getByTestId('editor-findings').waitFor()
    expect(await page.getByTestId('sign-off').count()).toBe(0)
  })

  it('fits with a long name in both languages, however wide', async () => {
    const { page, workstation } = await open(
      active({ factor: 'fallback', passwordEndsAt: now + day }, longName),
      own({ failuresSince: 12 }),
    )
    const sizes = [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ]
    const fitsAtAll = async () => {
      for (const size of sizes) {
        await page.setViewportSize(size)
        await fits(page)
      }
    }
    await page.getByTestId('failures-notice').waitFor()
    await fitsAtAll()
    await page.getByTestId('language').click()
    await fitsAtAll()
    await menu(page, 'overview')
    await page.getByTestId('last-sign-in').waitFor()
    await fitsAtAll()
    await page.keyboard.press('Escape')
    workstation.setState(activeAs('security-officer', longName))
    await page.getByTestId('area-policy').waitFor()
    await fitsAtAll()
  })
})
