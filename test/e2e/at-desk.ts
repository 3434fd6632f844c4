import type { Locator, Page } from 'playwright-core'

/** What a person does at a window, by what they see there. */
export interface AtDesk {
  page: Page
  byId: (testId: string) => Locator
  /** A field, or what stands in the dialog that is open: under a dialog the screen may have one of the same name. */
  fill(testId: string, text: string): Promise<void>
  /** Waits until the key with this text on it is recognised, types what is given, and sends it. What becomes of it is not waited for. */
  signIn(key: string, typed: Typed): Promise<void>
  /** Waits until somebody's workspace is there. */
  isIn(name: string): Promise<void>
  /** A refusal, or an explanation, at the entry; its sentence. */
  told(code: string): Promise<string>
  signOut(): Promise<void>
  area(name: string): Promise<void>
  /** The row of an officer's table that holds the text. */
  row(table: string, text: string): Locator
  /** The newest record of an act, by its words, in the auditor's search. */
  record(action: string): Promise<Locator>
  /** Sends the dialog that is open and waits until it is gone, or has something to show once. */
  submit(): Promise<void>
  /** The same for a dialog that asks for a reason. */
  because(reason: string): Promise<void>
  /** What is shown this once; closes it. */
  takeOnce(): Promise<string>
}

/** Fields of the entry, by their test id. */
export type Typed = { pin: string } & Record<string, string>

export function atDesk(page: Page): AtDesk {
  const byId = (testId: string) => page.getByTestId(testId)
  const dialog = byId('action-dialog')
  const fill = (testId: string, text: string) => byId(testId).last().fill(text)
  const submit = async () => {
    await byId('action-submit').click()
    await dialog.waitFor({ state: 'detached' })
  }
  return {
    page,
    byId,
    fill,
    async signIn(key, typed) {
      await byId('token').filter({ hasText: key }).click()
      for (const [field, text] of Object.entries(typed)) await fill(field, text)
      await byId('pin').press('Enter')
    },
    async isIn(name) {
      await byId('who').filter({ hasText: name }).waitFor()
    },
    async told(code) {
      const message = page.locator(`[data-code=${code}]`).first()
      await message.waitFor()
      return (await message.textContent()) ?? ''
    },
    async signOut() {
      await byId('sign-out').click()
      await byId('sign-out-confirm').click()
      await byId('key-form').waitFor()
    },
    async area(name) {
      await byId(`area-${name}`).click()
    },
    row: (table, text) => byId(`${table}-row`).filter({ hasText: text }),
    async record(action) {
      const picker = byId('audit-actions')
      await picker.click()
      // What was picked before goes first.
      await page.keyboard.press('Backspace')
      await page.keyboard.type(action)
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      await picker.filter({ hasText: action }).waitFor()
      const newest = byId('audit-row').filter({ hasText: action }).first()
      await newest.waitFor()
      return newest
    },
    submit,
    async because(reason) {
      await fill('reason', reason)
      await submit()
    },
    async takeOnce() {
      const shown = (await byId('one-time-value').textContent()) ?? ''
      await byId('one-time-close').click()
      await byId('one-time-dialog').waitFor({ state: 'detached' })
      return shown
    },
  }
}
