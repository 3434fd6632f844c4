import type { Page } from 'playwright-core'
import { enrolmentTicket } from '../../demo/enrol.ts'
import { listening, type OpenWindow, openWindow } from '../e2e/window.ts'
import type { BenchGateway } from './bench-gateway.ts'

/** A workstation that has enrolled and signed in as a person does. */
export async function signedInWindow({ hospital }: BenchGateway): Promise<OpenWindow> {
  const window = await openWindow(hospital.workstation('bench').configFile, {
    env: { SOFTHSM2_CONF: hospital.hsm.conf },
  })
  try {
    const { page } = window
    const ticket = await enrolmentTicket(hospital.gatewayDir)
    await listening(hospital.enrolmentPort)
    await page.getByTestId('enrolment-ticket').fill(ticket)
    const name = page.getByTestId('enrolment-name')
    if ((await name.inputValue()) === '') await name.fill('bench')
    await page.getByTestId('enrol').click()
    await page.getByTestId('token').first().click()
    await page.getByTestId('pin').fill('246810')
    await page.keyboard.press('Enter')
    await page.getByTestId('worklist-row').first().waitFor()
    return window
  } catch (error) {
    await window.close()
    throw error
  }
}

/** Back to the worklist, by the key. */
export async function backToWorklist(page: Page): Promise<void> {
  await page.keyboard.press('Alt+ArrowLeft')
  await page.getByTestId('worklist').waitFor()
  await page.getByTestId('worklist-row').first().waitFor()
}
