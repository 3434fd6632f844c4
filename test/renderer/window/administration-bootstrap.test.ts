import { describe, expect, it } from 'vitest'
import type { OfficerRole } from '../../../src/shared/access/index.ts'
import { noChromium } from '../../chromium.ts'
import { certificateOf } from '../certificate.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('the bootstrap administrator', () => {
  const open = windowTests()

  it('creates the three officers, each once, and nothing else', async () => {
    const certificate = certificateOf('/CN=周系统')
    const created: { role: OfficerRole; displayName: string }[] = [{ role: 'auditor', displayName: '钱审计' }]
    const { page, workstation } = await open(activeAs('bootstrap-administrator', '初始化'), (fake) => {
      fake.handlers['bootstrap.state'] = () => ({ created })
      fake.handlers['bootstrap.create-officer'] = ({ role, displayName }) => {
        if (created.length === 1) created.push({ role, displayName })
        return { remaining: ['security-officer'] }
      }
    })
    await page.getByTestId('bootstrap-progress').getByText('已建立 1 / 3').waitFor()
    await page.getByTestId('officer-auditor').getByText('已建立：钱审计').waitFor()
    const card = page.getByTestId('officer-system-administrator')
    await card.getByTestId('login-name').fill('zhouxt')
    await card.getByTestId('display-name').fill('周系统')
    expect(await card.getByTestId('officer-create').isDisabled()).toBe(true)
    await card.getByTestId('certificate-text').fill(certificate)
    await card.getByText('CN=周系统').first().waitFor()
    await card.getByTestId('officer-create').click()
    await card.getByText('已建立：周系统').waitFor()
    await page.getByText('建立最后一个账号后，您将被退出登录').waitFor()
    expect(workstation.callsOf('bootstrap.create-officer')[0]?.args).toEqual({
      loginName: 'zhouxt',
      displayName: '周系统',
      role: 'system-administrator',
      certificate,
    })
    // A refusal stands at its own card.
    workstation.handlers['bootstrap.create-officer'] = () =>
      workstation.fail('conflict', { field: 'certificate' })
    const last = page.getByTestId('officer-security-officer')
    await last.getByTestId('login-name').fill('sunbm')
    await last.getByTestId('display-name').fill('孙保密')
    await last.getByTestId('certificate-text').fill(certificate)
    await last.getByTestId('officer-create').click()
    await last.getByTestId('officer-failure').getByText('此证书已绑定过账号').waitFor()
    await eventually(() => page.getByTestId('certificate-text').count()).toBe(1)
    const asked = new Set(workstation.calls.map(({ channel }) => channel))
    expect([...asked].filter((channel) => /^(administration|worklist|study|report)\./.test(channel))).toEqual(
      [],
    )
  })
})
