import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS

describe.skipIf(noChromium)('keys', () => {
  const open = windowTests({ images: false })

  it('are shown by ?, searched, given away, swapped, refused and reset, without a mouse', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const sheet = page.getByTestId('shortcut-sheet')
    await page.getByTestId('worklist-search').focus()
    await page.keyboard.press('?')
    expect(await page.getByTestId('worklist-search').inputValue()).toBe('?')
    expect(await sheet.count()).toBe(0)
    await page.getByTestId('worklist-search').fill('')
    await page.getByTestId('worklist-table').focus()
    await page.keyboard.press('?')
    await sheet.waitFor()
    if (shots) await page.screenshot({ path: join(shots, 'keys-1366.png') })
    await accessible(page, 'keys')
    expect(await sheet.textContent()).not.toContain('技师')

    await page.keyboard.type('下一份待')
    await eventually(() => sheet.getByRole('listitem').count()).toBe(1)
    const row = page.getByTestId('key-list.next')
    const own = () => workstation.list.settings().keys?.bindings
    const capture = async (key: string) => {
      await row.getByRole('button').first().focus()
      await page.keyboard.press('Enter')
      await page.getByText('请按键…').waitFor()
      await page.keyboard.press(key)
    }
    await capture('g')
    await eventually(own).toEqual({ 'list.next': ['g'] })
    await eventually(() => row.textContent()).toContain('G')
    // Another’s: named, and swapped by Enter.
    await capture('c')
    await page.getByTestId('key-conflict').getByText('认领').waitFor()
    if (shots) await page.screenshot({ path: join(shots, 'keys-conflict.png') })
    await page.keyboard.press('Enter')
    await eventually(own).toEqual({ 'list.next': ['c'], 'list.claim': ['g'] })
    await eventually(() => row.textContent()).toContain('C')
    // The browser’s, and a fixed one: refused with why.
    await capture('F5')
    await page.getByTestId('key-conflict').getByText('系统').waitFor()
    await page.keyboard.press('End')
    await page.getByTestId('key-conflict').getByText('固定用于“选择检查”').waitFor()
    // Esc leaves the key as it is, and the sheet open.
    await page.keyboard.press('Escape')
    await eventually(() => page.getByText('请按键…').count()).toBe(0)
    expect(await sheet.count()).toBe(1)
    expect(own()).toEqual({ 'list.next': ['c'], 'list.claim': ['g'] })
    await page.keyboard.press('Escape')
    await eventually(() => sheet.count()).toBe(0)

    // The swapped keys do what they say: c goes to the next exam.
    await page.getByTestId('worklist-table').focus()
    await page.keyboard.press('c')
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.claim').length).toBe(1)
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByTestId('worklist').waitFor()
    await page.keyboard.press('?')
    await page.getByTestId('keys-reset-all').click()
    await eventually(own).toBeUndefined()
  })

  it('act once while held, not while an input method composes, and lock from anywhere', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const press = (init: object, where = 'document.activeElement') =>
      page.evaluate(
        `${where}.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...${JSON.stringify(init)} }))`,
      )
    const view = () => page.locator('[data-testid^="view-"][aria-pressed=true]').getAttribute('data-testid')
    await press({ key: 'v', code: 'KeyV', repeat: true })
    expect(await view()).toBe('view-all')
    // A Chinese input method outside of a text says only that it has the key.
    await press({ key: 'Process', code: 'KeyV', keyCode: 229 })
    await eventually(view).toBe('view-to-report')
    await page.getByTestId('worklist-search').focus()
    await press({ key: 'Process', code: 'KeyV', keyCode: 229 })
    await press({ key: 'F8', code: 'F8', isComposing: true })
    expect(await view()).toBe('view-to-report')
    expect(await page.getByRole('dialog').count()).toBe(0)
    // AltGr writes a sign; it is no Ctrl+Alt.
    await page.getByTestId('worklist-table').focus()
    await press({ key: 'v', code: 'KeyV', ctrlKey: true, altKey: true })
    expect(await view()).toBe('view-to-report')
    await page.keyboard.press('F8')
    await eventually(() => page.getByRole('dialog').count()).toBe(1)
    await page.keyboard.press('F8')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('?')
    await page.getByTestId('shortcut-sheet').waitFor()
    await press({ key: 'l', code: 'KeyL', ctrlKey: true, isComposing: true })
    await page.getByTestId('lock-screen').waitFor()
    expect(workstation.callsOf('workstation.lock').length).toBe(1)
  })

  it('wait for the report where they are pressed while it is still being drawn', async () => {
    const pressed = Promise.withResolvers<void>()
    const { page } = await open(activeAs('radiologist'), (fake) => {
      const report = fake.handlers['report.open']
      // However slow the machine is: the report has not come before the key.
      fake.handlers['report.open'] = async (args) => {
        await pressed.promise
        return report(args)
      }
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('F4')
    expect(await page.getByTestId('report-editor').count()).toBe(0)
    pressed.resolve()
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('editor-findings')
  })
})
