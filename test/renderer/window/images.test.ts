import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Study } from '../../../src/shared/study/index.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { study } from './study.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const priorUid = '1.2.826.0.1.3680043.10.1700.2'
/** The same discs, a year before: in series of other UIDs. */
const prior: Study = {
  ...study,
  studyInstanceUid: priorUid,
  studyDate: '20251011',
  accessionNumber: 'CT20251011007',
  series: study.series.map((series) => ({
    ...series,
    seriesInstanceUid: `${priorUid}.1`,
    instances: series.instances.map((instance, i) => ({
      ...instance,
      sopInstanceUid: `${priorUid}.1.${i + 1}`,
    })),
  })),
}
const { studyInstanceUid, accessionNumber, studyDate, studyTime, description, bodyPart } = prior
const summary = {
  studyInstanceUid,
  accessionNumber,
  studyDate,
  studyTime,
  description,
  bodyPart,
  modalities: prior.modalities,
  seriesCount: 1,
  instanceCount: 24,
  itemName: '头颅CT平扫',
  reported: true,
  likeness: 0.9,
  masked: false,
}
const masked = { ...summary, studyInstanceUid: `${priorUid}9`, studyDate: '20240301', masked: true }

const pane = (page: Page, number: number) => page.locator('.vigil-viewer-pane').nth(number - 1)
const shows = (page: Page, number: number, index: number) =>
  pane(page, number)
    .and(page.locator(`[data-viewport-state=loaded][data-image-index="${index}"]`))
    .waitFor({ timeout: 15_000 })
const shoot = async (page: Page, name: string) => {
  const folder = process.env.VIGIL_SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}

describe.skipIf(noChromium)('images and priors', () => {
  const open = windowTests()

  it('hangs the prior beside the exam, says which is which, links, lays out by key and comes back as it was left', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), ({ handlers }) => {
      const ask = handlers['study.open']
      handlers['study.priors'] = () => ({ priors: [summary, masked] })
      handlers['study.open'] = (args) =>
        args.study === priorUid ? { study: prior, order: null, sensitivity: 'general' } : ask(args)
      const metadata = handlers['series.metadata']
      handlers['series.metadata'] = async (args) => {
        const all = await metadata(args)
        if (args.study !== priorUid) return all
        return all.map((one, i) => ({
          ...one,
          '00080018': { vr: 'UI', Value: [`${priorUid}.1.${i + 1}`] },
          '0020000D': { vr: 'UI', Value: [priorUid] },
          '0020000E': { vr: 'UI', Value: [`${priorUid}.1`] },
          '00200052': { vr: 'UI', Value: [`${priorUid}.99`] },
        }))
      }
    })
    await openFirstStudy(page)
    await shows(page, 1, 0)
    await shows(page, 2, 0)
    expect(await pane(page, 1).getAttribute('data-prior')).toBe('false')
    expect(await pane(page, 2).getAttribute('data-prior')).toBe('true')
    expect(await pane(page, 2).innerText()).toContain('既往 2025-10-11')
    expect(await pane(page, 1).innerText()).not.toContain('既往')
    expect(await page.getByTestId('hanging-menu').textContent()).toContain('头颅 CT 与既往')
    // A restricted prior says so and does not open.
    const restricted = page.locator(`[data-prior-study="${masked.studyInstanceUid}"] button`)
    expect(await restricted.innerText()).toContain('受限')
    expect(await restricted.isDisabled()).toBe(true)
    await shoot(page, 'prior-1366')
    await accessible(page, '阅片：当前与既往')

    // Linked by the step between the slices shown: frames of reference differ.
    await page.keyboard.press('F2')
    await page.keyboard.press('PageDown')
    await shows(page, 1, 10)
    await shows(page, 2, 10)
    const together = page.getByRole('button', { name: '同步滚动', exact: true })
    await page.keyboard.press('Shift+S')
    await eventually(() => together.getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.press('ArrowDown')
    await shows(page, 1, 11)
    await shows(page, 2, 10)
    await page.keyboard.press('Shift+S')
    await eventually(() => together.getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('ArrowDown')
    await shows(page, 1, 12)
    await shows(page, 2, 11)
    await eventually(() => workstation.callsOf('settings.save').length).toBe(2)

    // One pane alone and back; the next pane; another grid from the picker, by keys.
    const zoom = async () => /缩放 (\d+)%/.exec(await pane(page, 1).innerText())?.[1]
    const fitted = await zoom()
    // Fitted to its own pane, though the layout changed while it was opening.
    expect(fitted).toBe(/缩放 (\d+)%/.exec(await pane(page, 2).innerText())?.[1])
    await page.keyboard.press('f')
    expect(await pane(page, 1).getAttribute('data-maximised')).toBe('true')
    expect(await pane(page, 2).isVisible()).toBe(false)
    await page.keyboard.press('f')
    await eventually(() => pane(page, 2).isVisible()).toBe(true)
    await eventually(zoom).toBe(fitted)
    await page.keyboard.press("'")
    expect(await pane(page, 2).getAttribute('data-active')).toBe('true')
    await page.keyboard.press('q')
    await page.locator('[data-grid="1x2"]:focus').waitFor()
    await page.keyboard.press('ArrowDown')
    await shoot(page, 'layout-picker')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.vigil-viewer-panes').getAttribute('data-layout')).toBe('2x3')

    // Writing, the images go on.
    await page.keyboard.press('F4')
    await page.keyboard.press('Alt+ArrowDown')
    await shows(page, 2, 12)

    // Saved as one's own, and first in the list from then on.
    await page.getByTestId('hanging-menu').click()
    await page.getByTestId('hanging-save').click()
    await shoot(page, 'hanging-form')
    await page.getByTestId('hanging-form').getByLabel('名称').fill('我的头颅对比')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('hanging-panel').innerText()).toContain('我的头颅对比')
    await shoot(page, 'hanging-menu')
    await page.keyboard.press('Escape')

    // Away and back: grid, slices and all.
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByTestId('worklist-row').first().waitFor()
    await openFirstStudy(page)
    await shows(page, 1, 13)
    // The prior, too.
    await shows(page, 2, 12)
    expect(await pane(page, 2).getAttribute('data-prior')).toBe('true')
    expect(await page.locator('.vigil-viewer-panes').getAttribute('data-layout')).toBe('2x3')
    // The protocols that fit by key: one's own first.
    await page.keyboard.press('g')
    await eventually(() => page.getByTestId('hanging-menu').textContent()).toContain('我的头颅对比')
    await page.keyboard.press('g')
    await eventually(() => page.locator('.vigil-viewer-panes').getAttribute('data-layout')).toBe('1x2')

    for (const [width, height] of [
      [1920, 1080],
      [2560, 1440],
      [1536, 2048],
    ] as const) {
      await page.setViewportSize({ width, height })
      // Upright, the report is below the images.
      await eventually(async () => {
        const images = await page.locator('.vigil-viewer').boundingBox()
        const report = await page.getByTestId('report-editor').first().boundingBox()
        return height > width
          ? report!.y > images!.y + images!.height - 2
          : report!.x > images!.x + images!.width - 2
      }).toBe(true)
      await shoot(page, `prior-${width}x${height}`)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
  })
})
