import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import * as office from './office.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()

describe.skipIf(noChromium)('the policy editor', () => {
  const open = windowTests()
  const officer = activeAs('security-officer', '孙保密')

  it('checks as it is typed, marks what changed, and shows from → to before it saves', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fake.handlers['administration.change-policy'] = ({ policy }) => {
        const saved = { ...office.policyVersion(2, Date.now()), policy }
        fake.handlers['administration.policy'] = () => saved
        return saved
      }
    })
    await page.getByTestId('area-policy').click()
    const parameter = (path: string) => page.locator(`[data-path="${path}"]`)
    const length = page.getByLabel('最小长度')
    await length.fill('7')
    await parameter('password.minLength').getByText('须为 8–64 的整数').waitFor()
    await parameter('password.minLength').getByText('测评：不少于 8 位').waitFor()
    expect(await page.getByTestId('policy-review').isDisabled()).toBe(true)
    await length.fill('12')
    await parameter('password.minLength').getByText('原为 10 位 · 收紧').waitFor()
    await page.getByLabel('无操作后锁定').fill('15')
    await parameter('session.lockAfterMinutes').getByText('放宽').waitFor()
    await parameter('session.secondSession').getByText('拒绝').click()
    await page.getByLabel('角色：放射医师').fill('300')
    await page.getByLabel('密码有效').count()
    await page.getByLabel('到期前提醒').fill('7')
    await parameter('password.warnDays').getByTestId('parameter-undo').click()
    expect(await page.getByLabel('到期前提醒').inputValue()).toBe('14')
    await eventually(() => page.getByTestId('policy-count').innerText()).toBe('已修改 4 项')
    await page.getByTestId('policy-review').click()
    const changes = await page.getByTestId('policy-changes').locator('li').allInnerTexts()
    expect(changes.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '最小长度 10 位 → 12 位 收紧',
      '无操作后锁定 10 分钟 → 15 分钟 放宽',
      '同一账号再次登录 询问后接管 → 拒绝 收紧',
      '角色：放射医师 不限 → 300 个 收紧',
    ])
    await page.getByTestId('action-submit').click()
    await page.getByText('安全策略已更新为第 2 版').waitFor()
    expect(workstation.callsOf('administration.change-policy')[0]?.args).toMatchObject({
      baseVersion: 1,
      policy: { password: { minLength: 12 }, session: { caps: { perRole: { radiologist: 300 } } } },
    })
    await eventually(() => page.getByTestId('policy-count').innerText()).toBe('已修改 0 项')
    expect(await length.inputValue()).toBe('12')
  })

  it('another officer’s change is told, and one’s own is kept over it', async () => {
    const { page, workstation } = await open(officer, (fake) => {
      fake.handlers['administration.change-policy'] = ({ baseVersion, policy }) => {
        if (baseVersion === 1) {
          fake.handlers['administration.policy'] = () =>
            office.policyVersion(2, now, { password: { minLength: 16 } })
          return fake.fail('conflict', { field: 'policy' })
        }
        return { ...office.policyVersion(3, now), policy }
      }
    })
    await page.getByTestId('area-policy').click()
    await page.getByLabel('最小长度').fill('12')
    await page.getByLabel('最长使用期限').fill('60')
    await page.getByTestId('policy-review').click()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('policy-overtaken').getByText('第 2 版').waitFor()
    await eventually(() => page.getByTestId('policy-changes').count()).toBe(0)
    expect(await page.getByLabel('最小长度').inputValue()).toBe('12')
    await page.locator('[data-path="password.minLength"]').getByText('原为 16 位 · 放宽').waitFor()
    await page.getByTestId('policy-review').click()
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('administration.change-policy').length).toBe(2)
    expect(workstation.callsOf('administration.change-policy')[1]?.args).toMatchObject({
      baseVersion: 2,
      policy: { password: { minLength: 12, maxAgeDays: 60 } },
    })
  })

  it('the history says what each version changed, and drafts outlive a look at it', async () => {
    const { page } = await open(officer, (fake) => {
      fake.handlers['administration.policy-history'] = () => [
        office.policyVersion(2, now, { password: { minLength: 12 } }),
        office.policyVersion(1, now - 1e9),
      ]
    })
    await page.getByTestId('area-policy').click()
    await page.getByLabel('最小长度').fill('14')
    await page.getByText('变更历史').click()
    await page.getByTestId('policy-history-row').first().getByText('最小长度 10 位 → 12 位').waitFor()
    await page.getByTestId('policy-history-row').first().click()
    await page.getByTestId('policy-version').getByText('第 2 版').waitFor()
    await page.getByText('现行策略').click()
    expect(await page.getByLabel('最小长度').inputValue()).toBe('14')
    await page.getByTestId('policy-undo-all').click()
    expect(await page.getByLabel('最小长度').inputValue()).toBe('10')
  })
})
