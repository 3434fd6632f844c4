import { describe, expect, it } from 'vitest'
import { permissionsOf, type Role } from '../../../src/shared/access/index.ts'
import type { IpcChannel } from '../../../src/shared/ipc/index.ts'
import { noChromium } from '../../chromium.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('what each role sees', () => {
  const open = windowTests()

  it('a technologist marks an exam done and looks at images, and never asks for a report or an alert', async () => {
    const { page, workstation } = await open(activeAs('technologist', '赵技师'))
    await page.getByTestId('exam-row').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('d')
    await eventually(() => workstation.callsOf('exam.done').length).toBe(1)
    const marked = await page.locator('[aria-selected=true]').getAttribute('data-accession')
    expect(workstation.callsOf('exam.done')[0]?.args).toEqual({ accessionNumber: marked })
    // The message names the exam, so it goes from the page with a lock.
    await page.getByText(`已标记 ${marked} 检查完成`).waitFor()
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.evaluate('document.body.innerHTML')).not.toContain(marked)
    workstation.setState(activeAs('technologist', '赵技师'))
    await page.getByTestId('exam-view').first().click()
    await page.getByTestId('exam-facts').waitFor()
    await page.locator('canvas').first().waitFor()
    expect(await page.getByTestId('report-editor').count()).toBe(0)
    expect(await page.getByTestId('alerts-button').count()).toBe(0)
    const asked = new Set(workstation.calls.map((call) => call.channel))
    for (const channel of ['report.open', 'critical.dictionary', 'alerts.list'] satisfies IpcChannel[]) {
      expect(asked).not.toContain(channel)
    }
  })

  const tables = ['accounts', 'workstations', 'sessions', 'audit'] as const
  it.each<[Role, (typeof tables)[number][]]>([
    ['system-administrator', ['accounts', 'workstations']],
    ['security-officer', ['accounts', 'workstations', 'sessions']],
    ['auditor', ['audit']],
  ])('%s sees %j and asks for nothing else', async (role, areas) => {
    const { page, workstation } = await open(activeAs(role, '某人'))
    for (const area of areas) {
      if (areas.length > 1) await page.getByTestId(`area-${area}`).click()
      await page.getByTestId(`${area}-table`).waitFor()
    }
    const asked = workstation.calls.map((call) => call.channel)
    const callOf = (area: string) => (area === 'audit' ? 'audit.search' : `administration.${area}`)
    expect(tables.filter((area) => (asked as string[]).includes(callOf(area)))).toEqual(areas)
    expect(
      asked.filter((channel) => /^(worklist|study|series|report|critical|alerts|exam)\./.test(channel)),
    ).toEqual([])
    expect(permissionsOf({ roles: [role] })).not.toContain('worklist.read')
  })

  it('tells main of input at once and then at most every five seconds', async () => {
    const { page, workstation } = await open(activeAs('auditor'))
    await page.getByTestId('audit-table').waitFor()
    await page.mouse.move(100, 100)
    await eventually(() => workstation.callsOf('workstation.active').length).toBe(1)
    for (let moved = 0; moved < 20; moved += 1) await page.mouse.move(100 + moved, 200)
    await page.keyboard.press('a')
    await page.waitForTimeout(300)
    expect(workstation.callsOf('workstation.active').length).toBe(1)
  })

  it('signs out after asking', async () => {
    const { page, workstation } = await open(activeAs('auditor'))
    await page.getByTestId('sign-out').click()
    await page.getByTestId('sign-out-confirm').click()
    await page.getByTestId('sign-in').waitFor()
    expect(workstation.callsOf('session.sign-out').length).toBe(1)
  })

  it('contains a failure in its own region', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['report.open'] = () => fake.fail('archive-unavailable')
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('failure').waitFor()
    await page.locator('canvas').first().waitFor()
  })
})
