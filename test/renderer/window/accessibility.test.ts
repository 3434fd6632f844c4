import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import * as office from './office.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

/** Until the area has come, and nothing on the page has changed for a moment. */
const settled = (page: Page) =>
  page.evaluate(`new Promise((done) => {
    let changed = performance.now()
    const watch = new MutationObserver(() => { changed = performance.now() })
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true })
    const look = () => {
      const loading = [...document.querySelectorAll('.fill-message')].some((each) => each.textContent.includes('正在载入'))
      if (loading || performance.now() - changed < 250) return setTimeout(look, 50)
      watch.disconnect()
      done()
    }
    look()
  })`)

describe.skipIf(noChromium)('axe-core finds nothing serious', () => {
  const open = windowTests()

  it('at sign-in', async () => {
    const { page } = await open({ phase: 'signed-out', ended: null })
    await page.getByTestId('pin').waitFor()
    await accessible(page, 'sign-in')
  })

  it('on the worklist, with images beside a report, at sign-off, and in what opens over them', async () => {
    const { page } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    await accessible(page, 'worklist')
    await page.keyboard.press('?')
    await page.getByTestId('shortcut-sheet').waitFor()
    await accessible(page, 'shortcuts')
    await page.keyboard.press('Escape')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('F8')
    await eventually(() => page.getByRole('dialog').count()).toBe(1)
    await accessible(page, 'alerts')
    await page.keyboard.press('Escape')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)

    await openFirstStudy(page)
    await page.locator('[data-viewport-state=loaded]').first().waitFor()
    await page.getByTestId('editor-findings').click()
    await page.keyboard.type('左侧张力性气胸，纵隔右移。未见骨折。')
    await page.getByTestId('editor-impression').click()
    await page.keyboard.type('左侧张力性气胸。')
    await accessible(page, 'reading room')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await accessible(page, 'sign-off')
    expect(await page.evaluate('document.title')).not.toBe('')
  })

  it('in the dictionary and looking back', async () => {
    const { page } = await open(activeAs('quality-manager'))
    for (const area of ['report-search', 'missed', 'statistics', 'dictionary']) {
      await page.getByTestId(`area-${area}`).click()
      await settled(page)
      await accessible(page, area)
    }
  })

  it('at the officers’ screens', async () => {
    const now = Date.now()
    const { page } = await open(activeAs('security-officer', '孙保密'), (fake) => {
      fake.handlers['administration.accounts'] = () => office.accounts(now) as never
      fake.handlers['administration.workstations'] = () => office.workstations(now) as never
      fake.handlers['administration.sessions'] = () => office.sessions(now) as never
    })
    for (const area of ['accounts', 'workstations', 'sessions', 'certificates', 'policy']) {
      await page.getByTestId(`area-${area}`).click()
      await settled(page)
      await accessible(page, area)
    }
  })

  it('at the lock screen', async () => {
    const active = activeAs('radiologist')
    if (active.phase !== 'active') throw new Error('active')
    const { page } = await open({ phase: 'locked', session: active.session, why: 'user' })
    await page.getByTestId('pin').waitFor()
    await accessible(page, 'lock')
  })
})
