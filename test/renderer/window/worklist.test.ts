import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { worklist } from './facts.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('the worklist', () => {
  const open = windowTests()
  const activeTestId = 'document.activeElement.dataset.testid'

  it('opens an exam by keyboard alone and finds the list again as it was', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
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

  it('puts the unsigned emergencies first and leaves an exam without images closed', async () => {
    const { page } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    const urgent = await page.evaluate(
      `[...document.querySelectorAll('[data-testid=worklist-row]')].map((row) => row.dataset.urgent)`,
    )
    expect(String(urgent)).toMatch(/^true,true,false(,false)+$/)
    await page.locator('[data-openable=false]').first().dblclick()
    expect(await page.getByTestId('reading-room').count()).toBe(0)
  })

  it('draws only what is seen of a thousand rows and scrolls to the last by key', async () => {
    const many = worklist(Date.now(), 1_000)
    const { page } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['worklist.list'] = () => ({ rows: many, total: many.length, broken: [] })
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('End')
    await eventually(() => page.locator('[aria-selected=true]').count()).toBe(1)
    expect(await page.locator('[aria-selected=true]').getAttribute('aria-rowindex')).toBe('1000')
    expect(await page.getByTestId('worklist-row').count()).toBeLessThan(60)
  })

  it('refreshes in place: no flicker, the selection and the rows stay', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const selected = await page.locator('[aria-selected=true]').getAttribute('data-accession')
    await page.evaluate(`{
      window.emptied = 0
      window.kept = document.querySelector('[aria-selected=true]')
      new MutationObserver(() => {
        if (!document.querySelector('[data-testid=worklist-row]')) window.emptied += 1
      }).observe(document.body, { childList: true, subtree: true })
    }`)
    const asked = workstation.callsOf('worklist.list').length
    const list = workstation.handlers['worklist.list']
    workstation.handlers['worklist.list'] = async (query) => {
      const answer = await list(query)
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, reportedBy: '新医师' })) }
    }
    workstation.emit({ kind: 'worklist-changed' })
    await eventually(() => page.getByText('新医师').count()).toBeGreaterThan(5)
    expect(workstation.callsOf('worklist.list').length).toBe(asked + 1)
    expect(await page.evaluate('window.emptied')).toBe(0)
    expect(await page.evaluate('window.kept.isConnected')).toBe(true)
    expect(await page.locator('[aria-selected=true]').getAttribute('data-accession')).toBe(selected)
  })

  it('filters by status and modality through the gateway', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    await page.getByTestId('worklist-status').getByText('已签发').click()
    await eventually(() => page.locator('[data-testid=worklist-row]:not([data-status=signed])').count()).toBe(
      0,
    )
    expect(workstation.callsOf('worklist.list').at(-1)?.args).toMatchObject({ status: 'signed' })
    await page.getByTestId('worklist-modality').click()
    await page.getByTitle('MR', { exact: true }).click()
    await eventually(() => workstation.callsOf('worklist.list').at(-1)?.args).toMatchObject({
      modality: 'MR',
    })
  })

  it('says when it is empty, when it failed, and which files are broken', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['worklist.list'] = () => fake.fail('gateway-unreachable')
    })
    await page.getByTestId('failure').waitFor()
    expect(await page.getByTestId('failure').textContent()).toContain('无法连接网关')
    workstation.handlers['worklist.list'] = () => ({
      rows: [],
      total: 0,
      broken: [{ name: 'IM0007.dcm', reason: '不是 DICOM 文件' }],
    })
    await page.getByTestId('failure').getByRole('button').click()
    await page.getByTestId('worklist-empty').waitFor()
    await page.getByTestId('broken-notice').click()
    await page.getByText('IM0007.dcm').waitFor()
  })

  it('shows the gateway going and coming back, and reads again then', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    workstation.emit({ kind: 'gateway', reachable: false })
    await eventually(() => page.getByTestId('gateway-state').getAttribute('data-reachable')).toBe('false')
    const asked = workstation.callsOf('worklist.list').length
    workstation.emit({ kind: 'gateway', reachable: true })
    await eventually(() => workstation.callsOf('worklist.list').length).toBeGreaterThan(asked)
  })

  it('says why an exam without images does not open', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    const row = page.locator('[data-testid=worklist-row][data-openable=false]').first()
    await row.waitFor()
    expect(await row.textContent()).toContain('图像未到')
    await row.dblclick()
    await page.getByText('图像尚未到达，暂不能打开').waitFor()
    expect(workstation.callsOf('study.open')).toEqual([])
  })

  it('shows the shortcuts by ?, but not where one types', async () => {
    const { page } = await open(activeAs('radiologist'))
    await page.getByTestId('worklist-row').first().waitFor()
    await page.getByTestId('worklist-search').focus()
    await page.keyboard.press('?')
    expect(await page.getByTestId('worklist-search').inputValue()).toBe('?')
    expect(await page.getByTestId('shortcut-sheet').count()).toBe(0)
    await page.getByTestId('worklist-table').focus()
    await page.keyboard.press('?')
    await page.getByTestId('shortcut-sheet').waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('shortcut-sheet').count()).toBe(0)
  })

  it('marks rows of the last filter while the next are on their way', async () => {
    const { page } = await open(activeAs('radiologist'), (fake) => {
      const list = fake.handlers['worklist.list']
      fake.handlers['worklist.list'] = async (args) => {
        if (args.search === undefined) return list(args)
        await new Promise(() => undefined)
        return list(args)
      }
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.getByTestId('worklist-search').fill('张')
    await page.locator('[aria-busy=true]').waitFor()
    await eventually(() =>
      page.evaluate("getComputedStyle(document.querySelector('.table-body')).opacity"),
    ).toBe('0.45')
  })
})
