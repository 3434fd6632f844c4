import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SignInRules } from '../../../src/shared/api/index.ts'
import { noChromium } from '../../chromium.ts'
import { tokens } from './facts.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const signedOut = { phase: 'signed-out', ended: null } as const
const rules = (change: Partial<SignInRules> = {}): SignInRules => ({
  password: false,
  fallback: true,
  newPassword: { minLength: 12, minClasses: 3, history: 5 },
  ...change,
})
const good = 'Plum-harvest-88 tin'
const code = 'ABCD-efgh jkmn pqrs tvwx'

const alertCode = (page: Page) => page.getByTestId('entry-bad').getAttribute('data-code')

async function enterPin(page: Page, more: Record<string, string> = {}): Promise<void> {
  await page.getByTestId('pin').fill('123456')
  for (const [field, value] of Object.entries(more)) await page.getByTestId(field).fill(value)
  await page.keyboard.press('Enter')
}

const open = windowTests()

describe.skipIf(noChromium)('what a sign-in may ask for', () => {
  it('shows the password at once where the rules say so, and follows them when the gateway comes', async () => {
    let known: SignInRules | null = null
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => known
    })
    await page.getByTestId('token').waitFor()
    expect(await page.getByTestId('password').count()).toBe(0)
    expect(await page.getByTestId('by-fallback').count()).toBe(0)
    known = rules({ password: true })
    workstation.emit({ kind: 'gateway', reachable: true })
    await page.getByTestId('password').waitFor()
    await page.getByTestId('by-fallback').waitFor()
    expect(await page.getByTestId('password').getAttribute('type')).toBe('password')
    expect(await page.getByTestId('password').getAttribute('autocomplete')).toBe('off')

    await enterPin(page, { password: 'secret' })
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(1)
    expect(workstation.callsOf('session.sign-in')[0]?.args).toMatchObject({ password: 'secret' })
  })

  it('has an expired password changed, by rules that turn good while it is typed', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => rules({ password: true })
      fake.handlers['session.sign-in'] = ({ newPassword }) => {
        if (newPassword === undefined) return fake.fail('password-change-required', { why: 'expired' })
        if (newPassword === good) return fake.fail('password-unacceptable', { why: 'reused', history: 5 })
        fake.setState(activeAs('radiologist'))
        return {}
      }
    })
    await page.getByTestId('password').waitFor()
    await enterPin(page, { password: 'old' })
    await page.getByTestId('new-password').waitFor()
    expect(await page.getByTestId('entry-info').textContent()).toContain('密码已到期')
    for (const field of ['pin', 'password']) expect(await page.getByTestId(field).inputValue()).toBe('')

    const met = (hint: string) => page.locator(`[data-hint=${hint}]`).getAttribute('data-met')
    expect(await met('too-short')).toBeNull()
    expect(await page.locator('[data-hint=too-short]').textContent()).toContain('12')
    await page.getByTestId('new-password').fill('李明华2026!Aa')
    await eventually(() => met('contains-name')).toBe('false')
    await page.getByTestId('new-password').fill(good)
    for (const hint of ['too-short', 'too-few-classes', 'contains-name', 'weak']) {
      await eventually(() => met(hint)).toBe('true')
    }
    // Two that differ, or one that breaks a rule, never leave the window.
    await enterPin(page, { password: 'old', 'new-password': good, 'new-password-again': 'other' })
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('不一致')
    await enterPin(page, { password: 'old', 'new-password': 'short', 'new-password-again': 'short' })
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('不符合要求')
    expect(workstation.callsOf('session.sign-in').length).toBe(1)

    await enterPin(page, { password: 'old', 'new-password': good, 'new-password-again': good })
    await eventually(() => alertCode(page)).toBe('password-unacceptable')
    expect(await page.getByTestId('entry-bad').textContent()).toContain('最近 5 次')
    await eventually(() => met('weak')).toBeNull()
    const next = `${good}!`
    await enterPin(page, { password: 'old', 'new-password': next, 'new-password-again': next })
    await page.getByTestId('workspace').waitFor()
    expect(workstation.callsOf('session.sign-in').at(-1)?.args).toMatchObject({
      pin: '123456',
      password: 'old',
      newPassword: next,
    })
    expect(await page.content()).not.toContain(good)
  })

  it('lets who never had a password leave it empty and choose one', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => rules({ password: true })
      fake.handlers['session.sign-in'] = ({ newPassword }) => {
        if (newPassword === undefined) return fake.fail('password-not-set', { mayChoose: true })
        return newPassword === good ? fake.fail('password-unacceptable', { why: 'weak' }) : {}
      }
    })
    await page.getByTestId('password').waitFor()
    await enterPin(page)
    await page.getByTestId('new-password').waitFor()
    expect(workstation.callsOf('session.sign-in')[0]?.args).not.toHaveProperty('password')
    expect(await page.getByTestId('entry-info').textContent()).toContain('设置您的密码')
    expect(await page.getByTestId('password').count()).toBe(0)
    await enterPin(page, { 'new-password': good, 'new-password-again': good })
    await eventually(() => alertCode(page)).toBe('password-unacceptable')
    expect(await page.getByTestId('password').count()).toBe(0)
    const next = `${good}!`
    await enterPin(page, { 'new-password': next, 'new-password-again': next })
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(3)
    expect(workstation.callsOf('session.sign-in')[2]?.args).toEqual({
      tokenId: 'slot-0',
      certificateId: '01',
      pin: '123456',
      newPassword: next,
      takeOver: false,
    })
  })

  it('insists on a password once the gateway has asked for it', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => rules({ password: true })
      fake.handlers['session.sign-in'] = () => fake.fail('password-required')
    })
    await page.getByTestId('password').waitFor()
    await enterPin(page)
    await page.getByTestId('entry-info').waitFor()
    await enterPin(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('请输入密码')
    expect(workstation.callsOf('session.sign-in').length).toBe(1)
  })

  it('takes a binding code however it is written, and asks nothing of another key', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = ({ bindingCode }) =>
        bindingCode === undefined
          ? fake.fail('account-unknown', { mayBind: true })
          : fake.fail('binding-code-invalid')
    })
    await page.getByTestId('token').waitFor()
    await enterPin(page)
    await page.getByTestId('binding-code').waitFor()
    await enterPin(page, { 'binding-code': 'abc' })
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('绑定码格式不对')
    await enterPin(page, { 'binding-code': code })
    await eventually(() => alertCode(page)).toBe('binding-code-invalid')
    expect(workstation.callsOf('session.sign-in').at(-1)?.args).toMatchObject({
      bindingCode: 'ABCDEFGHJKMNPQRSTVWX',
    })
    // Long, and good for one key: it stays to be put right.
    expect(await page.getByTestId('binding-code').inputValue()).toBe(code)
    const [key] = tokens(Date.now())
    workstation.emit({ kind: 'tokens', tokens: [{ ...key!, id: 'another' }] })
    await eventually(() => page.getByTestId('binding-code').count()).toBe(0)
    expect(await page.getByTestId('entry-bad').count()).toBe(0)
  })

  it('tells a person whose key may not be bound whom to ask', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () => fake.fail('account-unknown', { mayBind: false })
    })
    await page.getByTestId('token').waitFor()
    await enterPin(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('安全保密员')
    expect(await page.getByTestId('binding-code').count()).toBe(0)
  })

  it('counts down a lockout and lets nobody try before it is over', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () => fake.fail('locked-out', { retryAt: Date.now() + 4_000 })
    })
    await page.getByTestId('token').waitFor()
    await enterPin(page)
    await page.getByTestId('countdown').waitFor()
    const first = await page.getByTestId('countdown').textContent()
    expect(first).toMatch(/^0:0[1-4]$/)
    expect(await page.getByTestId('sign-in').isDisabled()).toBe(true)
    await enterPin(page)
    await eventually(() => page.getByTestId('countdown').textContent()).not.toBe(first)
    expect(workstation.callsOf('session.sign-in').length).toBe(1)
    await eventually(() => page.getByTestId('sign-in').isEnabled()).toBe(true)
    expect(await page.getByTestId('entry-info').textContent()).toContain('可以重新输入')
  })

  it('leaves no way to take over where policy forbids it', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () =>
        fake.fail('session-elsewhere', { workstation: 'CT 室-01', since: Date.now(), mayTakeOver: false })
    })
    await page.getByTestId('token').waitFor()
    await enterPin(page)
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('不允许接管')
    expect(await page.getByTestId('take-over').count()).toBe(0)
  })

  it('lets go of a takeover', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () =>
        fake.fail('session-elsewhere', { workstation: 'CT 室-01', since: Date.now(), mayTakeOver: true })
    })
    await page.getByTestId('token').waitFor()
    await enterPin(page)
    await page.getByTestId('take-over-cancel').click()
    await page.getByTestId('sign-in').waitFor()
    await enterPin(page)
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(2)
    expect(workstation.callsOf('session.sign-in')[1]?.args).toMatchObject({ takeOver: false })
  })

  it('says which cap is reached', async () => {
    const { page, workstation } = await open(signedOut)
    await page.getByTestId('token').waitFor()
    for (const [cap, said] of [
      ['total', '全院'],
      ['period', '一段时间'],
      ['workstation', '本工作站'],
      ['role', '放射医师'],
    ] as const) {
      workstation.handlers['session.sign-in'] = () =>
        workstation.fail('session-cap', { cap, limit: 8, role: 'radiologist' })
      await enterPin(page)
      await eventually(() => page.getByTestId('entry-bad').textContent()).toContain(said)
    }
  })
})

describe.skipIf(noChromium)('sign-in without the key', () => {
  it('is not offered where the hospital does not allow it', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => rules({ password: true, fallback: false })
    })
    await page.getByTestId('password').waitFor()
    expect(await page.getByTestId('by-fallback').count()).toBe(0)
  })

  it('takes name, password and a code as it is typed or pasted, and goes on to the button', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in-fallback'] = ({ code: given }) => {
        if (given !== '654321') return fake.fail('credentials-wrong')
        fake.setState(activeAs('radiologist'))
        return {}
      }
    })
    await page.getByTestId('by-fallback').click()
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('login-name')
    await page.keyboard.type('Li.Ming')
    await page.keyboard.press('Tab')
    await page.keyboard.type('secret')
    await page.keyboard.press('Tab')
    await page.keyboard.type('12ab3')
    await eventually(() => page.getByTestId('code').inputValue()).toBe('123')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('6 位动态码')
    await page.getByTestId('code').fill('１２３ 456')
    expect(await page.getByTestId('code').inputValue()).toBe('123456')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('sign-in-fallback')
    await page.keyboard.press('Enter')
    await eventually(() => alertCode(page)).toBe('credentials-wrong')
    expect(workstation.callsOf('session.sign-in-fallback')[0]?.args).toEqual({
      loginName: 'li.ming',
      password: 'secret',
      code: '123456',
      takeOver: false,
    })
    // The name stays, the secrets are gone, and the cursor is where the next one goes.
    expect(await page.getByTestId('login-name').inputValue()).toBe('Li.Ming')
    for (const field of ['password', 'code']) expect(await page.getByTestId(field).inputValue()).toBe('')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('password')
    await page.keyboard.type('secret')
    await page.getByTestId('code').fill('654321')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
  })

  it('has a one-time password changed, with a code of its own', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => rules()
      fake.handlers['session.sign-in-fallback'] = ({ newPassword }) =>
        newPassword === undefined ? fake.fail('password-change-required', { why: 'must-change' }) : {}
    })
    await page.getByTestId('by-fallback').click()
    await page.getByTestId('login-name').fill('li.ming')
    await page.getByTestId('password').fill('once')
    await page.getByTestId('code').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('new-password').waitFor()
    expect(await page.getByTestId('entry-info').textContent()).toContain('一次性密码')
    await fits(page)
    await page.getByTestId('password').fill('once')
    for (const field of ['new-password', 'new-password-again']) await page.getByTestId(field).fill(good)
    await page.getByTestId('code').fill('222333')
    await page.keyboard.press('Enter')
    await eventually(() => workstation.callsOf('session.sign-in-fallback').length).toBe(2)
    expect(workstation.callsOf('session.sign-in-fallback')[1]?.args).toMatchObject({
      password: 'once',
      newPassword: good,
      code: '222333',
    })
  })
})
