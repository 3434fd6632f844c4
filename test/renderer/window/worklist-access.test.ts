import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WorklistRow } from '../../../src/shared/worklist/index.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { worklist } from './facts.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS
const others = { name: '周启明', own: false, since: Date.now() - 600_000 }

/** Six exams that wait, newest first: E0 … E5. */
function six(change: (n: number) => Partial<WorklistRow> = () => ({})): WorklistRow[] {
  return worklist(Date.now(), 1).flatMap((exam) =>
    Array.from({ length: 6 }, (_, n) => ({
      ...exam,
      priority: 'routine' as const,
      accessionNumber: `E${n}`,
      studyInstanceUid: `1.2.${n}`,
      examAt: Date.now() - (n + 1) * 60_000,
      ...change(n),
    })),
  )
}
const withRows = (rows: WorklistRow[]) => (fake: FakeWorkstation) => fake.list.setRows(rows)

describe.skipIf(noChromium)('who may open an exam', () => {
  const open = windowTests({ images: false })

  it('one claims and gives back by a key; what another claimed asks: to look only, or to take over', async () => {
    const active = activeAs('radiologist')
    const { page, workstation } = await open(
      active,
      withRows(six((n) => (n === 1 ? { claimedBy: others } : {}))),
    )
    const row = (n: number) => page.locator(`[data-accession=E${n}]`)
    await row(0).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('c')
    await eventually(() => row(0).getByTestId('claim').textContent()).toBe('我')
    await page.keyboard.press('c')
    await eventually(() => row(0).getByTestId('claim').count()).toBe(0)
    expect(await row(1).getByTestId('claim').textContent()).toBe('周启明')

    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const dialog = page.getByTestId('claimed-dialog')
    await dialog.waitFor()
    expect(await dialog.textContent()).toContain('周启明')
    if (shots) await page.screenshot({ path: join(shots, 'claimed.png') })
    await accessible(page, 'claimed')
    expect(await page.getByTestId('reading-room').count()).toBe(0)
    // The keyboard is at looking only.
    await page.keyboard.press('Enter')
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.claim').length).toBe(1)
    // What one wrote would take the exam from the other: there is nothing to write in, but a way to take it over.
    await page.getByTestId('read-only-exam').waitFor()
    expect(await page.getByTestId('editor-findings').count()).toBe(0)
    // It stays so over a lock, and over a look at another area.
    await page.keyboard.press('Control+l')
    await page.getByTestId('reading-room').waitFor({ state: 'detached' })
    workstation.setState(active)
    await page.getByTestId('read-only-exam').waitFor()
    await page.getByTestId('area-report-search').click()
    await page.getByTestId('reading-room').waitFor({ state: 'detached' })
    await page.getByTestId('area-reading').click()
    await page.getByTestId('read-only-exam').waitFor()
    expect(await page.getByTestId('editor-findings').count()).toBe(0)
    await page.getByTestId('take-over').click()
    await page.getByTestId('editor-findings').waitFor()
    expect(workstation.callsOf('study.claim').at(-1)?.args).toEqual({ study: '1.2.1', takeOver: true })
    await page.keyboard.press('Alt+ArrowLeft')
    workstation.list.change('1.2.1', (exam) => ({ ...exam, claimedBy: others }))
    workstation.emit({ kind: 'worklist-changed' })
    await eventually(() => row(1).getByTestId('claim').textContent()).toBe('周启明')
    await row(1).dblclick()
    await page.getByTestId('take-over').click()
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.claim').at(-1)?.args).toEqual({ study: '1.2.1', takeOver: true })
  })

  it('a masked exam shows nobody, and opens by emergency access with a reason only', async () => {
    const { page, workstation } = await open(
      activeAs('radiologist'),
      withRows(
        six((n) =>
          n === 0 ? { sensitivity: 'highly-sensitive', masked: true, patientName: '', patientId: '' } : {},
        ),
      ),
    )
    const row = page.locator('[data-accession=E0]')
    await row.waitFor()
    expect(await row.getByTestId('label-mark').textContent()).toBe('高敏')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('glass-reason').waitFor()
    if (shots) await page.screenshot({ path: join(shots, 'glass.png') })
    await accessible(page, 'glass')
    await page.keyboard.type('抢救')
    await page.keyboard.press('Enter')
    expect(workstation.callsOf('study.break-glass')).toEqual([])
    await page.keyboard.type('需要')
    await page.keyboard.press('Enter')
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('study.break-glass')[0]?.args).toEqual({ study: '1.2.0', reason: '抢救需要' })
    // A refusal leaves it closed, with why.
    await page.keyboard.press('Alt+ArrowLeft')
    await page.locator('[data-accession=E2]').click()
    await page.keyboard.press('Shift+l')
    await page.getByTestId('label-reason').fill('患者本人要求')
    await page.getByText('高度敏感').click()
    if (shots) await page.screenshot({ path: join(shots, 'label.png') })
    await page.getByTestId('action-submit').click()
    await eventually(() => workstation.callsOf('study.label').at(-1)?.args).toEqual({
      study: '1.2.2',
      sensitivity: 'highly-sensitive',
      reason: '患者本人要求',
    })
    await eventually(() => page.locator('[data-accession=E2]').getAttribute('data-masked')).toBe('true')
    workstation.handlers['study.break-glass'] = () => workstation.fail('permission-denied')
    await page.locator('[data-accession=E2]').dblclick()
    await page.getByTestId('glass-rescue').click()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('action-failure').waitFor()
    expect(await page.getByTestId('reading-room').count()).toBe(0)
  })

  it('the next case is claimed first, skips what others have, and gives back what was not written', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.list.setRows(
        six((n) => ({ ...(n === 1 ? { claimedBy: others } : {}), modality: n === 2 ? 'MR' : 'CT' })),
      )
      const claim = fake.handlers['study.claim']
      fake.handlers['study.claim'] = (args) => {
        // Another was quicker with E3.
        if (args.study === '1.2.3') fake.list.change('1.2.3', (row) => ({ ...row, claimedBy: others }))
        return claim(args)
      }
    })
    await page.locator('[data-accession=E0]').waitFor()
    await page.getByTestId('worklist-modality').click()
    await page.locator('.ant-select-item[title=CT]').click()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('worklist-row').count()).toBe(5)
    await page.getByTestId('worklist-table').focus()
    const openStudy = () => page.getByTestId('reading-room').getAttribute('data-study')
    await page.keyboard.press('n')
    await eventually(openStudy).toBe('1.2.0')
    // E1 is another’s, E2 is no CT, E3 was lost by a moment.
    await page.keyboard.press('Alt+ArrowRight')
    await eventually(openStudy).toBe('1.2.4')
    expect(workstation.callsOf('study.claim').map(({ args }) => (args as { study: string }).study)).toEqual([
      '1.2.0',
      '1.2.3',
      '1.2.4',
    ])
    await eventually(() => workstation.callsOf('study.release').map(({ args }) => args)).toEqual([
      { study: '1.2.0' },
    ])
    await page.keyboard.press('Alt+ArrowRight')
    await eventually(openStudy).toBe('1.2.5')
    // All have been looked at: round again.
    await page.keyboard.press('Alt+ArrowRight')
    await eventually(openStudy).toBe('1.2.0')
    // The list is found again at the exam that was read last.
    await page.keyboard.press('Alt+ArrowLeft')
    await eventually(() => page.locator('[aria-selected=true]').getAttribute('data-accession')).toBe('E0')
  })

  it('who goes elsewhere while the next case is looked for is not fetched away from there', async () => {
    let answer = () => undefined as unknown
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.list.setRows(six())
      const claim = fake.handlers['study.claim']
      fake.handlers['study.claim'] = async (args) => {
        if (args.study === '1.2.1') await new Promise((done) => (answer = () => done(undefined)))
        return claim(args)
      }
    })
    const openStudy = () => page.getByTestId('reading-room').getAttribute('data-study')
    await page.locator('[data-accession=E0]').dblclick()
    await eventually(openStudy).toBe('1.2.0')
    await page.keyboard.press('Alt+ArrowRight')
    await eventually(() => workstation.callsOf('study.claim').length).toBe(1)
    await page.keyboard.press('Alt+ArrowLeft')
    await page.locator('[data-accession=E3]').dblclick()
    await eventually(openStudy).toBe('1.2.3')
    answer()
    // What was claimed for nothing is given back.
    await eventually(() => workstation.callsOf('study.release').map(({ args }) => args)).toEqual([
      { study: '1.2.1' },
    ])
    expect(await openStudy()).toBe('1.2.3')
  })

  it('a technologist has the same list, without what reports are about', async () => {
    const { page } = await open(activeAs('technologist', '赵技师'))
    await page.getByTestId('exam-row').first().waitFor()
    if (shots) await page.screenshot({ path: join(shots, 'exam.png') })
    await accessible(page, 'exams')
    const stages = await page.evaluate(
      "[...document.querySelectorAll('[data-testid=exam-row]')].map((row) => row.dataset.status)",
    )
    expect(String(stages)).toMatch(/^(ordered,)+(done,)+(arrived,?)+$/)
    expect(await page.getByTestId('view-mine').count()).toBe(0)
    await page.getByTestId('view-not-arrived').click()
    await eventually(() => page.locator('[data-testid=exam-row][data-status=arrived]').count()).toBe(0)
    await page.getByTestId('exam-table').focus()
    await page.keyboard.press('c')
    expect(await page.getByRole('columnheader', { name: '认领' }).count()).toBe(0)
  })
})
