import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Measurement } from '../../src/shared/measurement/index.ts'
import { launchChromium, noChromium } from '../chromium.ts'
import { accessible } from '../renderer/window/axe.ts'
import { paneAt, probePane, settled, violations } from './pane-probe.ts'
import { phantomArchive, phantomStudy } from './phantom.ts'
import { builtViewerPage } from './viewer-page.ts'
import { serveViewer, type ViewerServer } from './viewer-server.ts'

type Place = [number, number]

describe.skipIf(noChromium)(`measuring a phantom in a real browser (${noChromium || 'Chromium'})`, () => {
  let browser: Browser
  let server: ViewerServer
  let page: Page
  /** From image pixels to the screen, as the phantom's disc on the screen says: nothing of the viewer's own mapping is in it. */
  let onScreen: (place: Place) => Place

  beforeAll(async () => {
    server = await serveViewer(await builtViewerPage(), phantomArchive())
    browser = await launchChromium()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
    await page.goto(`${server.origin}/?study=${phantomStudy}`)
    await settled(page)
  })

  afterEach(async () => {
    expect(await violations(page)).toEqual([])
    await page.close()
  })

  const look = async (name: string) => {
    if (process.env.VIGIL_SCREENS)
      await page.screenshot({ path: join(process.env.VIGIL_SCREENS, `${name}.png`) })
  }

  /** Finds the disc on the screen by its edges: `bright` is how a level tells that it is the disc's. */
  const findDisc = async (
    bright: (level: number) => boolean,
    truth: { centre: Place; across: Place } = { centre: [128, 128], across: [80, 80] },
  ) => {
    const box = (await paneAt(page).locator('canvas').first().boundingBox())!
    const png = PNG.sync.read(await page.screenshot({ clip: box }))
    const at = (x: number, y: number) => bright(png.data[(y * png.width + x) * 4]!)
    const [mx, my] = [png.width >> 1, png.height >> 1]
    const run = (along: (i: number) => boolean, from: number) => {
      let [low, high] = [from, from]
      while (along(low - 1)) low -= 1
      while (along(high + 1)) high += 1
      return [low, high + 1] as const
    }
    const [left, right] = run((x) => at(x, my), mx)
    const [top, bottom] = run((y) => at(mx, y), my)
    const scale: Place = [(right - left) / truth.across[0], (bottom - top) / truth.across[1]]
    const middle: Place = [(left + right) / 2, (top + bottom) / 2]
    onScreen = ([x, y]) => [
      box.x + middle[0] + (x - truth.centre[0]) * scale[0],
      box.y + middle[1] + (y - truth.centre[1]) * scale[1],
    ]
    return scale
  }

  const open = async (series: number) => {
    await page.locator('.vigil-viewer-series').nth(series).dblclick()
    await paneAt(page)
      .and(page.locator(`[data-series-instance-uid="2.25.771.${series + 1}"]`))
      .waitFor()
    await settled(page)
    await paneAt(page).focus()
  }

  const drag = async (from: Place, to: Place) => {
    const [a, b] = [onScreen(from), onScreen(to)]
    await page.mouse.move(...a)
    await page.mouse.down()
    await page.mouse.move((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    await page.mouse.move(...b)
    await page.mouse.up()
  }
  const click = (place: Place) => page.mouse.click(...onScreen(place))

  const measurements = () =>
    page.evaluate<Measurement[]>('window.page.memory.measured.state().present.measurements')
  const last = async () => (await measurements()).at(-1)!
  const value = (one: Measurement, name: string) => one.values.find((each) => each.name === name)!.value
  const near = (got: number, truth: number, part = 0.015) => {
    expect(Math.abs(got - truth), `${got} for ${truth}`).toBeLessThanOrEqual(Math.abs(truth) * part + 0.01)
  }
  const labels = () => paneAt(page).locator('.vigil-viewer-measurement').allTextContents()

  it('measures what the phantom is made of: lengths, angles, areas, values', async () => {
    const [scale] = await findDisc((level) => level > 127)
    expect(scale).toBeGreaterThan(2)
    await page.keyboard.press('l')
    await drag([88, 128], [168, 128])
    const length = await last()
    near(value(length, 'length'), 56)
    // Where the pixels are: within a quarter of one.
    for (const [i, truth] of [88, 168].entries()) near(length.points[i]![0], truth, 0.25 / truth)
    near(length.points[0]![1], 128, 0.25 / 128)
    expect((await labels())[0]).toMatch(/^5[56]\.\d mm$/)

    await page.keyboard.press('x')
    await drag([128, 88], [128, 168])
    const cross = await last()
    near(value(cross, 'long-axis'), 56)
    near(value(cross, 'short-axis'), 28)
    // The short axis drawn out to the disc's edges.
    await drag([108, 128], [88, 128])
    await drag([148, 128], [168, 128])
    near(value(await last(), 'short-axis'), 56)
    await look('bidirectional')

    await page.keyboard.press('a')
    await drag([200, 60], [200, 100])
    await click([240, 60])
    near(value(await last(), 'angle'), 45)

    await page.keyboard.press('c')
    await drag([30, 200], [90, 200])
    await drag([30, 240], [90, 240 - 60 * Math.tan((20 * Math.PI) / 180)])
    near(value(await last(), 'angle'), 20)

    await page.keyboard.press('e')
    await drag([98, 98], [158, 158])
    const inside = await last()
    expect(inside.kind).toBe('ellipse')
    near(value(inside, 'area'), Math.PI * 900 * 0.49)
    expect(value(inside, 'mean')).toBe(100)
    expect(value(inside, 'sd')).toBe(0)
    near(value(inside, 'count'), Math.PI * 900)

    await page.keyboard.press('b')
    await drag([10, 10], [50, 50])
    const board = await last()
    near(value(board, 'area'), 1600 * 0.49)
    near(value(board, 'mean'), 10, 0.02)
    near(value(board, 'sd'), 10, 0.02)
    expect([value(board, 'min'), value(board, 'max')]).toEqual([0, 20])

    await page.keyboard.press('d')
    await click([220, 220])
    expect(await last()).toMatchObject({
      kind: 'probe',
      values: [{ name: 'value', value: 0, unit: "[hnsf'U]" }],
    })

    expect(await measurements()).toHaveLength(7)
    expect(await labels()).toHaveLength(7)
    await look('all-tools')
  })

  it('marks with arrows and text, corrects, undoes and does again', async () => {
    await findDisc((level) => level > 127)
    await page.keyboard.press('Shift+a')
    await drag([168, 128], [220, 90])
    await page.getByRole('textbox', { name: '文字' }).fill('结节')
    await page.keyboard.press('Enter')
    expect(await last()).toMatchObject({ kind: 'arrow', label: '结节' })
    await paneAt(page).focus()
    await page.keyboard.press('t')
    await click([60, 200])
    await page.getByRole('textbox', { name: '文字' }).fill('见 l w 处')
    await page.keyboard.press('Enter')
    expect(await labels()).toEqual(['结节', '见 l w 处'])
    await look('arrow-and-text')

    await paneAt(page).focus()
    await page.keyboard.press('l')
    await drag([88, 235], [168, 235])
    const before = await last()
    // One end, then the whole.
    await drag([168, 235], [128, 235])
    near(value(await last(), 'length'), 28)
    await drag([100, 235], [100, 220])
    near((await last()).points[0]![1], 220, 0.005)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    expect(await last()).toEqual(before)
    await page.keyboard.press('Control+Shift+z')
    near(value(await last(), 'length'), 28)
    await page.keyboard.press('Control+y')
    near((await last()).points[0]![1], 220, 0.005)
    await page.keyboard.press('Delete')
    expect(await measurements()).toHaveLength(2)
    await page.keyboard.press('Control+z')
    expect(await measurements()).toHaveLength(3)
    // A figure that was begun is given up by Escape; a click that draws nothing leaves nothing.
    await page.mouse.move(...onScreen([20, 20]))
    await page.mouse.down()
    await page.mouse.move(...onScreen([60, 20]))
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await measurements()).toHaveLength(3)
  })

  it('is right where pixels are not square', async () => {
    await open(1)
    await findDisc((level) => level > 127, { centre: [100, 50], across: [120, 60] })
    await page.keyboard.press('l')
    await drag([40, 50], [160, 50])
    near(value(await last(), 'length'), 60)
    await drag([100, 20], [100, 80])
    near(value(await last(), 'length'), 60)
    await page.keyboard.press('a')
    await drag([20, 10], [20, 30])
    await click([60, 10])
    await look('oblong')
    near(value(await last(), 'angle'), 45)
    await page.keyboard.press('e')
    await drag([160, 20], [40, 80])
    near(value(await last(), 'area'), Math.PI * 900)
    near(value(await last(), 'mean'), 100, 0.01)
  })

  it('calibrates a radiograph, and says what its lengths mean', async () => {
    await open(2)
    // MONOCHROME1: the high values of the disc are dark.
    await findDisc((level) => level < 128)
    await page.keyboard.press('l')
    await drag([88, 128], [168, 128])
    near(value(await last(), 'length'), 16)
    expect((await labels())[0]).toContain('探测器平面')
    await page.keyboard.press('d')
    await click([128, 140])
    expect(await last()).toMatchObject({ kind: 'probe', values: [{ value: 900, unit: '1' }] })
    await look('white-image')

    await page.keyboard.press('Shift+c')
    await drag([128, 30], [128, 80])
    const asked = page.getByLabel('这条线的实际长度（mm）')
    await asked.fill('0')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').textContent()).toContain('0.1')
    await asked.fill('20')
    await look('calibrating')
    await page.keyboard.press('Enter')
    const [first] = await measurements()
    near(value(first!, 'length'), 32, 0.02)
    expect(first!.calibrated).toBe(true)
    expect((await labels())[0]).toContain('已校准')
    await paneAt(page).focus()
    await page.keyboard.press('Control+z')
    const [again] = await measurements()
    near(value(again!, 'length'), 16)
    expect(again!.calibrated).toBe(false)
  })

  it('reads colours, and counts pixels where no size is known', async () => {
    await open(3)
    await findDisc((level) => level > 225)
    await page.keyboard.press('d')
    await click([20, 240])
    expect((await last()).values.map((each) => each.value)).toEqual([200, 20, 30])
    expect((await labels())[0]).toBe('RGB 200, 20, 30')
    await page.keyboard.press('l')
    await drag([88, 128], [168, 128])
    near(value(await last(), 'length'), 80)
    expect((await labels())[1]).toContain('未校准')
  })

  it('keeps labels off each other, follows the image, outlives the viewer, and is listed', async () => {
    await findDisc((level) => level > 127)
    await page.keyboard.press('l')
    for (const row of [120, 124, 128]) await drag([100, row], [156, row])
    const boxes = await paneAt(page)
      .locator('.vigil-viewer-measurement')
      .evaluateAll((all) =>
        all.map((one) =>
          (
            one as unknown as {
              getBoundingClientRect(): { toJSON(): Record<'top' | 'bottom' | 'left' | 'right', number> }
            }
          )
            .getBoundingClientRect()
            .toJSON(),
        ),
      )
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1))
        expect(a.bottom <= b.top || b.bottom <= a.top || a.right <= b.left || b.right <= a.left).toBe(true)

    await page.keyboard.press('r')
    await page.getByRole('button', { name: '旋转' }).click()
    await page.getByRole('button', { name: '水平翻转' }).click()
    await look('turned')
    expect(value((await measurements())[0]!, 'length')).toBeCloseTo(value(await last(), 'length'), 0)

    // A label is moved by hand, and a drag with the window tool moves no figure.
    const before = (await measurements()).at(-1)
    await page.keyboard.press('w')
    await drag([128, 128], [140, 140])
    expect((await measurements()).at(-1)).toEqual(before)

    await page.evaluate('window.page.reopen()')
    await settled(page)
    await expect.poll(async () => (await labels()).length).toBe(3)

    await open(1)
    expect(await labels()).toEqual([])
    await page.getByRole('button', { name: '测量列表' }).click()
    const rows = page.getByTestId('measure-list').locator('li')
    expect(await rows.count()).toBe(3)
    expect(await rows.first().textContent()).toContain('序列 1')
    await look('list')
    await accessible(page, 'measurement list')
    await rows.nth(1).locator('.vigil-measure-row').click()
    await paneAt(page).and(page.locator('[data-series-instance-uid="2.25.771.1"]')).waitFor()
    await expect.poll(async () => (await labels()).length).toBe(3)
    expect(await rows.nth(1).getAttribute('data-selected')).toBe('true')

    await rows
      .nth(1)
      .getByRole('button', { name: /插入报告/ })
      .click()
    await paneAt(page).focus()
    await page.keyboard.press('j')
    expect(await page.evaluate('window.page.inserted')).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^长径约 39\.\d mm（序列 1，图像 7）$/)),
    )
    await page.getByRole('button', { name: '存为结构化报告' }).click()
    await page.getByText('已存入 PACS').waitFor()
    const [stored] =
      await page.evaluate<{ study: string; measurements: unknown[]; images: unknown[] }[]>(
        'window.page.stored',
      )
    expect(stored).toMatchObject({
      study: phantomStudy,
      as: 'structured-report',
      images: [
        { instance: '2.25.772.1', frame: 1, inverted: false, sopClassUid: '1.2.840.10008.5.1.4.1.1.2' },
      ],
    })
    expect(stored!.measurements).toHaveLength(3)
    await page.getByRole('button', { name: '全部删除' }).click()
    expect(await measurements()).toEqual([])
    expect(await page.getByTestId('measure-list').textContent()).toContain('还没有测量')
  })

  it('makes a key image: the pixels as windowed, what was measured, the sides, no name', async () => {
    await findDisc((level) => level > 127)
    await page.keyboard.press('l')
    await drag([88, 128], [168, 128])
    await page.keyboard.press('k')
    await page.getByText('已加入关键图像').waitFor()
    const [image] =
      await page.evaluate<
        { png: string; width: number; height: number; caption: string; instance: string }[]
      >('window.page.keyImages')
    const bytes = Buffer.from(image!.png, 'base64')
    if (process.env.VIGIL_SCREENS) writeFileSync(join(process.env.VIGIL_SCREENS, 'key-image.png'), bytes)
    const png = PNG.sync.read(bytes)
    expect([png.width, png.height]).toEqual([image!.width, image!.height])
    expect(Math.max(png.width, png.height)).toBeLessThanOrEqual(1600)
    expect(image).toMatchObject({
      instance: '2.25.772.1',
      caption: expect.stringMatching(/^长径约 5[56]\.\d mm/),
    })
    const level = (x: number, y: number) => [
      ...png.data.subarray((y * png.width + x) * 4, (y * png.width + x) * 4 + 3),
    ]
    const [cx, cy] = [png.width >> 1, png.height >> 1]
    // White inside the disc, black outside it, as the window 50/100 has them.
    expect(level(cx, cy + 40)).toEqual([255, 255, 255])
    expect(level(cx, cy + Math.round((png.height / 256) * 60))).toEqual([0, 0, 0])
    // The line in its colour.
    const line = Array.from({ length: 9 }, (_, i) => level(cx + 12, cy - 4 + i))
    expect(line.some(([r, g, b]) => g! - r! > 40 && b! > 150)).toBe(true)
    // What names the patient is text on the pane, never in the picture: the corners are the image's own black.
    for (const [x, y] of [
      [20, png.height - 20],
      [png.width - 20, png.height - 20],
    ] as const)
      expect(level(x, y)).toEqual([0, 0, 0])
  })

  it('magnifies from the image’s values, and changes tools by key and by menu', async () => {
    await findDisc((level) => level > 127)
    await page.keyboard.press('m')
    await page.mouse.move(...onScreen([168, 128]))
    await page.mouse.down()
    const glass = page.getByTestId('magnifier')
    await glass.waitFor()
    await look('magnifier')
    await page.mouse.up()
    expect(await glass.count()).toBe(0)
    // The tool is remembered: the viewer opens with it the next time.
    await page.waitForTimeout(1700)
    await page.evaluate('window.page.reopen()')
    await settled(page)
    expect(await page.getByRole('button', { name: '放大镜' }).getAttribute('aria-pressed')).toBe('true')
    await page.getByTestId('measure-tools').click()
    await look('menu')
    await page.getByRole('button', { name: /^椭圆/ }).last().click()
    expect(
      await page.getByRole('button', { name: '椭圆', exact: true }).first().getAttribute('aria-pressed'),
    ).toBe('true')
    expect(await page.getByRole('button', { name: '调窗' }).getAttribute('aria-pressed')).toBe('false')
  })

  it('has the person’s own window presets on their keys', async () => {
    const width = async () => (await probePane(page)).windowWidth
    await page.keyboard.press('6')
    await expect.poll(width).toBe('150')
    await page.getByTestId('preset-editor').click()
    await look('presets')
    await accessible(page, 'window presets')
    await page.getByLabel('6 名称').fill('我的肝窗')
    await page.getByLabel('6 窗宽').fill('0')
    expect(await page.getByRole('button', { name: '保存' }).isDisabled()).toBe(true)
    await page.getByLabel('6 窗宽').fill('120')
    await page.getByLabel('6 窗位').fill('80')
    await page.getByRole('button', { name: '保存' }).click()
    await paneAt(page).focus()
    await page.keyboard.press('1')
    await expect.poll(width).toBe('80')
    await page.keyboard.press('6')
    await expect.poll(width).toBe('120')
    expect((await probePane(page)).windowCentre).toBe('80')
    expect(await page.getByLabel('窗宽窗位预设').textContent()).toContain('我的肝窗')
    // Other keys of the images: inversion, turns, and all back.
    await page.keyboard.press('i')
    await paneAt(page).getByText('反相', { exact: true }).waitFor()
    await page.keyboard.press('o')
    await expect.poll(() => paneAt(page).locator('[data-edge="top"]').textContent()).toBe('R')
    await page.keyboard.press('h')
    await expect.poll(() => paneAt(page).locator('[data-edge="right"]').textContent()).toBe('P')
    await page.keyboard.press('r')
    await expect.poll(() => paneAt(page).locator('[data-edge="top"]').textContent()).toBe('A')
  })
})
