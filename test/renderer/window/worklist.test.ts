import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { worklist } from './facts.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS

const open = windowTests({ images: false })

describe.skipIf(noChromium)('the worklist', () => {
  const activeTestId = 'document.activeElement.dataset.testid'

  it('opens an exam by keyboard alone and finds the list again as it was', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    if (shots) {
      await page.screenshot({ path: join(shots, 'list-1366.png') })
      await page.setViewportSize({ width: 1920, height: 1080 })
      await page.screenshot({ path: join(shots, 'list-1920.png') })
      await page.setViewportSize({ width: 1366, height: 768 })
    }
    await accessible(page, 'worklist')
    await page.keyboard.press('/')
    expect(await page.evaluate(activeTestId)).toBe('worklist-search')
    await page.keyboard.type('王建国')
    await eventually(() => page.getByTestId('worklist-row').count()).toBe(3)
    await page.keyboard.press('Enter')
    expect(await page.evaluate(activeTestId)).toBe('worklist-table')
    await page.keyboard.press('Enter')
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.open')[0]?.args).toEqual({ study: '1.2.826.0.1.3680043.10.1700.1' })
    await page.keyboard.press('Alt+ArrowLeft')
    await page.getByTestId('worklist').waitFor()
    expect(await page.getByTestId('worklist-search').inputValue()).toBe('王建国')
    await eventually(() => page.locator('[aria-selected=true]').getAttribute('data-accession')).toBe(
      'CT20261122001',
    )
  })

  it('puts the unsigned emergencies first, and says why an exam without images does not open', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const urgent = await page.evaluate(
      `[...document.querySelectorAll('[data-testid=worklist-row]')].map((row) => row.dataset.urgent)`,
    )
    expect(String(urgent)).toMatch(/^true,true,false(,false)+$/)
    const row = page.locator('[data-testid=worklist-row][data-openable=false]').first()
    expect(await row.textContent()).toContain('图像未到')
    await row.dblclick()
    await page.getByText('图像尚未到达，暂不能打开').waitFor()
    expect(await page.getByTestId('reading-room').count()).toBe(0)
    expect(workstation.callsOf('study.open')).toEqual([])
  })

  it('refreshes in place: no flicker, the selection, the rows and the place stay', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('End')
    for (let n = 0; n < 5; n += 1) await page.keyboard.press('ArrowUp')
    const selected = await page.locator('[aria-selected=true]').getAttribute('data-accession')
    const top = () =>
      page.evaluate(
        "document.querySelector('[aria-selected=true]').getBoundingClientRect().top",
      ) as Promise<number>
    const before = await top()
    await page.evaluate(`{
      window.emptied = 0
      window.kept = document.querySelector('[aria-selected=true]')
      new MutationObserver(() => {
        if (!document.querySelector('[data-testid=worklist-row]')) window.emptied += 1
      }).observe(document.body, { childList: true, subtree: true })
    }`)
    const asked = workstation
      .callsOf('worklist.list')
      .filter(({ args }) => (args as { limit: number }).limit > 1)
    const rows = workstation.list.rows()
    const added = worklist(Date.now(), 3).map((row, n) => ({
      ...row,
      accessionNumber: `NEW${n}`,
      studyInstanceUid: `9.${n}`,
      priority: 'stat' as const,
    }))
    workstation.list.setRows([...added, ...rows.map((row) => ({ ...row, reportedBy: '新医师' }))])
    workstation.emit({ kind: 'worklist-changed' })
    await eventually(() => page.getByText('新医师').count()).toBeGreaterThan(5)
    const askedAfter = workstation
      .callsOf('worklist.list')
      .filter(({ args }) => (args as { limit: number }).limit > 1)
    expect(askedAfter.length).toBe(asked.length + 1)
    expect(await page.evaluate('window.emptied')).toBe(0)
    expect(await page.evaluate('window.kept.isConnected')).toBe(true)
    expect(await page.locator('[aria-selected=true]').getAttribute('data-accession')).toBe(selected)
    await eventually(top).toBe(before)
    await page.keyboard.press('Home')
    await eventually(() => page.locator('.list-row-fresh').count()).toBe(3)
  })

  it('filters and sorts through the gateway; a filter of one’s own becomes a view, and the one to open with', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const last = () =>
      workstation
        .callsOf('worklist.list')
        .map(({ args }) => args as { limit: number })
        .findLast(({ limit }) => limit > 1)
    await page.getByTestId('worklist-status').click()
    await page.locator('.ant-select-item[title=已签发]').click()
    await eventually(() => page.locator('[data-testid=worklist-row]:not([data-status=signed])').count()).toBe(
      0,
    )
    await page.getByTestId('worklist-modality').click()
    await page.locator('.ant-select-item[title=MR]').click()
    await page.locator('.ant-select-item[title=CT]').click()
    await page.keyboard.press('Escape')
    await page.getByTestId('worklist-body-part').fill('头')
    await page.getByRole('columnheader', { name: '姓名' }).getByRole('button').click()
    await eventually(last).toMatchObject({
      filter: { status: 'signed', modalities: ['MR', 'CT'], bodyPart: '头' },
      sort: { column: 'name', direction: 'ascending' },
    })
    expect(await page.getByRole('columnheader', { name: '姓名' }).getAttribute('aria-sort')).toBe('ascending')
    await page.getByTestId('view-menu').click()
    await page.getByText('另存为视图…').click()
    await page.getByTestId('view-name').fill('颅脑已签')
    await page.keyboard.press('Enter')
    await page.getByTestId('view-own-1').waitFor()
    await page.getByTestId('view-menu').click()
    await page.getByText('登录后先打开此视图').click()
    await eventually(() => workstation.list.settings().worklist?.openWith).toBe('own-1')
    expect(workstation.list.settings().worklist?.views).toMatchObject([
      { id: 'own-1', name: '颅脑已签', filter: { bodyPart: '头' }, sort: { column: 'name' } },
    ])
    await page.getByTestId('view-critical-open').click()
    await eventually(last).toMatchObject({ filter: { critical: 'open', status: 'all' }, sort: null })
    await eventually(() => page.getByTestId('view-urgent').textContent()).toMatch(/急诊\s*2/)
    await page.getByTestId('worklist-table').focus()
    await page.keyboard.press('v')
    await eventually(() => page.getByTestId('view-own-1').getAttribute('aria-pressed')).toBe('true')
    await page.getByTestId('view-menu').click()
    await page.getByText('删除视图').click()
    await eventually(() => workstation.list.settings().worklist?.views.length).toBe(0)
  })

  it('columns are moved, widened, fitted, hidden and reset, by hand and by keyboard, and are kept', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const heads = () =>
      page.evaluate(
        "[...document.querySelectorAll('[data-column]')].map((head) => head.dataset.column).join()",
      )
    const kept = () => workstation.list.settings().worklist?.columns ?? []
    const delivered = await heads()
    await page.getByRole('columnheader', { name: '检查号' }).getByRole('button').focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await eventually(heads).toContain('name,accession,sexAge')
    await page.keyboard.press('Control+ArrowRight')
    await eventually(() => kept().find(({ key }) => key === 'accession')?.width).toBeGreaterThan(120)
    const item = page.getByRole('columnheader', { name: '检查项目' })
    const edge = (await item.getByTestId('column-edge').boundingBox())!
    await page.mouse.move(edge.x + 4, edge.y + 10)
    await page.mouse.down()
    await page.mouse.move(edge.x - 60, edge.y + 10, { steps: 4 })
    await page.mouse.up()
    const narrowed = () => kept().find(({ key }) => key === 'item')?.width ?? 0
    await eventually(narrowed).toBeGreaterThan(39)
    const dragged = narrowed()
    await item.getByTestId('column-edge').dblclick()
    await eventually(narrowed).not.toBe(dragged)
    const from = (await page.getByRole('columnheader', { name: '模态' }).boundingBox())!
    const to = (await page.getByRole('columnheader', { name: '姓名' }).boundingBox())!
    await page.mouse.move(from.x + 10, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(to.x + 10, to.y + 10, { steps: 6 })
    await page.mouse.up()
    await eventually(heads).toContain('stat,modality,name')
    expect(workstation.callsOf('worklist.list').some(({ args }) => (args as { sort: unknown }).sort)).toBe(
      false,
    )
    await page.keyboard.press('Shift+c')
    await page.getByTestId('column-list').waitFor()
    if (shots) await page.screenshot({ path: join(shots, 'columns.png') })
    await accessible(page, 'columns')
    await page.getByTestId('column-ward').click()
    await page.getByTestId('column-bodyPart').click()
    await eventually(heads).toContain('ward')
    await eventually(heads).not.toContain('bodyPart')
    await page.getByTestId('columns-reset').click()
    await eventually(heads).toBe(delivered)
    expect(kept()).toEqual([])
  })

  it('says when it is empty, when it failed, and which files are broken; reads again when the gateway is back', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['worklist.list'] = () => fake.fail('gateway-unreachable')
    })
    await page.getByTestId('failure').waitFor()
    expect(await page.getByTestId('failure').textContent()).toContain('无法连接网关')
    workstation.handlers['worklist.list'] = () => ({
      rows: [],
      offset: 0,
      total: 0,
      revision: 1,
      broken: [{ name: 'IM0007.dcm', reason: '不是 DICOM 文件' }],
    })
    await page.getByTestId('failure').getByRole('button').click()
    await page.getByTestId('worklist-empty').waitFor()
    await page.getByTestId('broken-notice').click()
    await page.getByText('IM0007.dcm').waitFor()
    workstation.emit({ kind: 'gateway', reachable: false })
    await eventually(() => page.getByTestId('gateway-state').getAttribute('data-reachable')).toBe('false')
    const asked = workstation.callsOf('worklist.list').length
    workstation.emit({ kind: 'gateway', reachable: true })
    await eventually(() => workstation.callsOf('worklist.list').length).toBeGreaterThan(asked)
  })

  it('marks rows of the last filter while the next are on their way', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      const list = fake.handlers['worklist.list']
      fake.handlers['worklist.list'] = async (args) => {
        if (args.filter.search === undefined) return list(args)
        await new Promise(() => undefined)
        return list(args)
      }
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.getByTestId('worklist-search').fill('张')
    await page.locator('.list-body[aria-busy=true]').waitFor()
    await eventually(() =>
      page.evaluate("getComputedStyle(document.querySelector('.table-body')).opacity"),
    ).toBe('0.45')
  })
})

describe.skipIf(noChromium)('a worklist of a hundred thousand', () => {
  it('draws and fetches what is seen only, reaches its end, and stands still when it changes', async () => {
    const total = 100_000
    const some = worklist(Date.now(), 1000)
    let grown = 0
    const asked: number[] = []
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['worklist.list'] = ({ offset, limit }) => {
        asked.push(limit)
        const rows = Array.from({ length: Math.max(0, Math.min(limit, total + grown - offset)) }, (_, n) => {
          // What has been added stands first.
          const exam = offset + n - grown
          return {
            ...some[Math.abs(exam) % 1000]!,
            accessionNumber: `N${exam}`,
            studyInstanceUid: `1.9.${exam + 10}`,
          }
        })
        return { rows, offset, total: total + grown, revision: 1 + grown, broken: [] }
      }
    })
    const row = (exam: number) => page.locator(`[data-accession="N${exam}"]`)
    await row(0).waitFor()
    const drawn = () => page.evaluate("document.querySelectorAll('.table-row').length")
    const height = await page.evaluate("document.querySelector('.table-body').getBoundingClientRect().height")
    expect(height).toBe(total * 32)
    await page.keyboard.press('End')
    await row(99_999).waitFor()
    await eventually(() => page.locator('[aria-selected=true]').getAttribute('data-accession')).toBe('N99999')
    expect(await drawn()).toBeLessThan(60)
    for (const share of [0.2, 0.4, 0.6, 0.5]) {
      await page.evaluate(
        `{ const grid = document.querySelector('[role=grid]'); grid.scrollTop = grid.scrollHeight * ${share} }`,
      )
      await page.waitForTimeout(40)
    }
    await row(50_005).waitFor()
    expect(await drawn()).toBeLessThan(60)
    await row(50_005).click()
    const top = () =>
      page.evaluate(`document.querySelector('[data-accession="N50005"]')?.getBoundingClientRect().top`)
    const before = await top()
    grown = 7
    workstation.emit({ kind: 'worklist-changed' })
    await eventually(() => row(50_005).getAttribute('aria-rowindex')).toBe('50013')
    expect(await top()).toBe(before)
    expect(await row(50_005).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('ArrowDown')
    await eventually(() => row(50_006).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Home')
    await row(-7).waitFor()
    expect(Math.max(...asked)).toBeLessThanOrEqual(300)
    expect(asked.length).toBeLessThan(40)
  })
})
