import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { AtDesk } from './at-desk.ts'

/** What a radiologist does with an exam and its alerts, by what they see in the window. */
export interface ClinicalDesk {
  /** The row of an exam on the worklist. */
  exam(accession: string): Locator
  /** Opens an exam from the worklist, until its report can be written. */
  open(accession: string): Promise<void>
  write(findings: string): Promise<void>
  /** Opens the sign-off of what stands in the editor, until its decisions are there. */
  toSignOff(): Promise<void>
  /** Alerts what is found, each by its key, until the PIN is asked for. */
  alertAll(): Promise<void>
  /** Types the PIN and signs, until the report is signed. */
  sign(pin: string): Promise<void>
  backToList(): Promise<void>
  /** The newest alert of the exam that is open, in the panel of alerts. */
  openAlert(accession: string): Promise<void>
  closePanel(): Promise<void>
  /** Waits until the alert in the panel stands so. */
  stands(status: string): Promise<void>
  /** An entry of the timeline of the alert in the panel. */
  happened(event: string): Locator
}

export function clinicalDesk({ page, byId }: AtDesk): ClinicalDesk {
  const exam = (accession: string) => page.locator(`[data-testid=worklist-row][data-accession=${accession}]`)
  return {
    exam,
    async open(accession) {
      await exam(accession).dblclick()
      await byId('reading-room').waitFor()
    },
    async write(findings) {
      await byId('editor-findings').click()
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText(findings)
    },
    async toSignOff() {
      await page.keyboard.press('Control+Enter')
      // An empty impression is confirmed first.
      await byId('hand-go').or(byId('sign-off-form')).first().waitFor()
      if ((await byId('hand-go').count()) > 0) await byId('hand-go').click()
      await byId('sign-off-form').waitFor()
    },
    async alertAll() {
      const form = byId('sign-off-form')
      const left = form.locator('[data-testid=decision]:not([data-action])')
      for (let before = await left.count(); before > 0; before = await left.count()) {
        await page.keyboard.press('a')
        await expect.poll(() => left.count()).toBeLessThan(before)
      }
      await byId('pin').and(page.locator(':focus')).waitFor()
    },
    async sign(pin) {
      await byId('pin').fill(pin)
      await byId('sign-off-sign').click()
      await byId('signed-summary').waitFor()
    },
    async backToList() {
      await byId('back').click()
      await byId('worklist').waitFor()
    },
    async openAlert(accession) {
      if ((await byId('alerts-panel').count()) === 0) await page.keyboard.press('F8')
      await byId('alerts-show-all').click()
      await byId('alert-row').filter({ hasText: accession }).first().click()
      await byId('alert-detail').getByText(accession).first().waitFor()
    },
    async closePanel() {
      await page.keyboard.press('F8')
      await byId('alerts-panel').waitFor({ state: 'detached' })
    },
    async stands(status) {
      await byId('alert-detail').locator(`[data-testid=progress][data-status=${status}]`).waitFor()
    },
    happened: (event) => byId('alert-timeline').locator(`[data-event=${event}]`).first(),
  }
}
