import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { certificateOf } from '../certificate.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import * as office from './office.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()
const people = office.accounts(now)
const rowOf = (login: string) => people.findIndex(({ loginName }) => loginName === login)
const idOf = (login: string) => people[rowOf(login)]?.id

describe.skipIf(noChromium)('accounts', () => {
  const open = windowTests()
  const fill = (fake: FakeWorkstation) => {
    fake.handlers['administration.accounts'] = () => people
  }
  const officer = activeAs('security-officer', '孙保密')
  const administrator = activeAs('system-administrator', '周系统')

  it('the system administrator says who a person is, checked as it is typed', async () => {
    const { page, workstation } = await open(administrator, (fake) => {
      fill(fake)
      fake.handlers['administration.create-account'] = () => fake.fail('conflict', { field: 'loginName' })
    })
    await page.getByTestId('account-create').click()
    await page.getByTestId('login-name').fill('Li Ming')
    await page.keyboard.press('Tab')
    await page.getByText('应为 2–32 位字母').waitFor()
    await page.getByTestId('login-name').fill('LiMing')
    await page.getByTestId('display-name').fill('李明')
    await page.getByTestId('staff-number').fill('10 21')
    await page.getByTestId('login-name').focus()
    await page.getByText('工号应为').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('staff-number').fill('1021')
    await page.getByTestId('action-submit').click()
    await page.getByText('登录名已被使用').waitFor()
    workstation.handlers['administration.create-account'] = () => ({ id: idOf('suo') ?? '' })
    await page.getByTestId('action-submit').click()
    await page.getByTestId('account-facts').getByText('索朗').waitFor()
    expect(workstation.callsOf('administration.create-account').at(-1)?.args).toEqual({
      loginName: 'liming',
      displayName: '李明',
      staffNumber: '1021',
    })
  })

  it('each officer is offered their own part, and none of it on their own account', async () => {
    const { page } = await open(administrator, fill)
    const actions = () =>
      page
        .locator('.facts-actions button')
        .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-testid')))
    await page.getByTestId('accounts-row').nth(rowOf('tingyong')).click()
    expect(await actions()).toEqual(['account-edit', 'account-enable'])
    await page.getByTestId('account-facts').getByText('已停用').waitFor()
    const second = await open(officer, fill)
    await second.page.getByTestId('accounts-row').nth(rowOf('sunbm')).click()
    await second.page.getByText('不能对自己的账号操作').waitFor()
    expect(await second.page.locator('.facts-actions button:not(:disabled)').count()).toBe(0)
  })

  it('an account is disabled with a reason, from the keyboard alone, and the focus comes back', async () => {
    const { page, workstation } = await open(administrator, (fake) => {
      fill(fake)
      fake.handlers['administration.disable-account'] = () => ({})
    })
    await page.getByTestId('accounts-row').first().waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await eventually(() => page.evaluate('document.activeElement?.dataset.testid')).toBe('reason')
    await page.keyboard.type('离职')
    await page.keyboard.press('Enter')
    await page.getByText('账号已停用').waitFor()
    expect(workstation.callsOf('administration.disable-account')[0]?.args).toEqual({
      id: idOf('limh'),
      reason: '离职',
    })
    await eventually(() => page.evaluate('document.activeElement?.dataset.testid')).toBe('account-disable')
  })

  it('the security officer gives roles, which keep the three officers apart', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.authorise-account'] = () => ({})
    })
    await page.getByTestId('accounts-row').nth(rowOf('newcomer')).click()
    await page.getByTestId('account-facts').getByText('无角色，不能登录').waitFor()
    await page.getByTestId('account-authorise').click()
    await page.getByTestId('role-auditor').click()
    expect(await page.getByTestId('role-radiologist').isDisabled()).toBe(true)
    expect(await page.getByTestId('role-security-officer').isDisabled()).toBe(true)
    await page.getByTestId('role-auditor').click()
    await page.getByTestId('role-radiologist').click()
    await page.getByTestId('role-technologist').click()
    expect(await page.getByTestId('role-auditor').isDisabled()).toBe(true)
    await page.getByText('高度敏感', { exact: true }).last().click()
    await page.getByTestId('emergency').click()
    await page.getByTestId('action-submit').click()
    await page.getByText('角色与等级已生效').waitFor()
    expect(workstation.callsOf('administration.authorise-account')[0]?.args).toEqual({
      id: idOf('newcomer'),
      roles: ['radiologist', 'technologist'],
      clearance: 'highly-sensitive',
      emergency: true,
    })
  })

  it('binds a certificate from a file or pasted, and shows whose it is before', async () => {
    const certificate = certificateOf('/CN=李明华/OU=放射科')
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.bind-certificate'] = () => ({ fingerprint: 'cd'.repeat(32) })
    })
    await page.getByTestId('accounts-row').nth(rowOf('limh')).click()
    await page.getByTestId('account-bind-certificate').click()
    await page.getByTestId('certificate-text').fill('not a certificate')
    await page.getByTestId('certificate-unread').waitFor()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('certificate-file').setInputFiles({
      name: 'li.cer',
      mimeType: 'application/pkix-cert',
      buffer: Buffer.from(certificate, 'base64'),
    })
    await page.getByTestId('certificate-facts').getByText('CN=李明华, OU=放射科').first().waitFor()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('certificate-bound').getByText('cd'.repeat(32)).waitFor()
    expect(workstation.callsOf('administration.bind-certificate')[0]?.args).toEqual({
      id: idOf('limh'),
      certificate,
    })
  })

  it('a code, a password and a TOTP secret are shown once, and go with a lock', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.create-binding-code'] = () => ({
        code: '7F3K9QTBWZ2M4XCN6R8V',
        expiresAt: Date.now() + 24 * 3_600_000,
      })
      fake.handlers['administration.reset-password'] = () => ({
        password: 'Vq7-mfk2-Rt9x',
        expiresAt: Date.now() + 3_600_000,
      })
      fake.handlers['administration.grant-fallback'] = ({ hours }) => ({
        endsAt: Date.now() + hours * 3_600_000,
        totp: { secret, uri: `otpauth://totp/Vigil:limh?secret=${secret}&issuer=Vigil` },
      })
    })
    await page.getByTestId('accounts-row').nth(rowOf('limh')).click()
    const shown = () => page.getByTestId('one-time-value').innerText()
    await page.getByTestId('account-binding-code').click()
    await page.getByTestId('action-submit').click()
    expect(await shown()).toBe('7F3K 9QTB WZ2M 4XCN 6R8V')
    // Not by a slip of the hand: only its button closes it.
    await page.keyboard.press('Escape')
    expect(await shown()).toContain('7F3K')
    await page.getByTestId('one-time-close').click()
    await page.getByTestId('account-reset-password').click()
    await page.getByTestId('action-submit').click()
    expect(await shown()).toBe('Vq7-mfk2-Rt9x')
    await page.getByTestId('one-time-close').click()
    await page.getByTestId('account-grant-fallback').click()
    await page.getByText('1–24 小时').waitFor()
    await page.getByTestId('reason').fill('Key 遗失')
    await page.getByTestId('fallback-hours').fill('25')
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('fallback-hours').fill('24')
    await page.getByTestId('action-submit').click()
    await page.getByTestId('totp-qr').locator('canvas').waitFor()
    expect((await shown()).replaceAll(' ', '')).toBe(secret)
    expect(workstation.callsOf('administration.grant-fallback')[0]?.args).toEqual({
      id: idOf('limh'),
      hours: 24,
      newTotp: false,
      reason: 'Key 遗失',
    })
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.evaluate('document.body.innerHTML')).not.toContain('JBSW')
  })

  it('what is shown once stays where its row goes', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fill(fake)
      fake.handlers['administration.reset-password'] = () => ({ password: 'once', expiresAt: now + 9e6 })
    })
    await page.getByTestId('accounts-row').nth(rowOf('limh')).click()
    workstation.handlers['administration.accounts'] = () => []
    await page.getByTestId('account-reset-password').click()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('officer-empty').waitFor()
    expect(await page.getByTestId('one-time-value').innerText()).toBe('once')
  })
})
