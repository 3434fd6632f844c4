import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { WorklistSettings } from '../../../src/shared/settings/worklist.ts'
import { noChromium } from '../../chromium.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

describe.skipIf(noChromium)('the person’s settings', () => {
  const open = windowTests({ images: false })

  it('that could not be read are not replaced by what is delivered; once they are read they can be changed', async () => {
    const own = WorklistSettings.parse({
      views: [{ id: 'v1', name: '我的晚班', filter: { status: 'to-report' }, sort: null }],
    })
    let readable = false
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['settings.read'] = () =>
        readable ? { settings: { worklist: own } } : fake.fail('gateway-unreachable')
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('Shift+C')
    await page.getByTestId('column-sexAge').click()
    await eventually(() => workstation.callsOf('settings.read').length).toBe(2)
    await page.waitForTimeout(300)
    expect(workstation.callsOf('settings.save')).toEqual([])
    expect(await page.getByTestId('column-sexAge').isChecked()).toBe(true)
    readable = true
    workstation.emit({ kind: 'gateway', reachable: true })
    await page.getByText('我的晚班').first().waitFor({ state: 'attached' })
    await page.getByTestId('column-sexAge').click()
    await eventually(() => workstation.callsOf('settings.save').at(-1)?.args).toMatchObject({
      area: 'worklist',
      value: { views: own.views },
    })
  })

  it('are saved one after another: the last change is what stays', async () => {
    const answers: (() => void)[] = []
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      const save = fake.handlers['settings.save']
      fake.handlers['settings.save'] = async (args) => {
        await new Promise<void>((done) => answers.push(done))
        return save(args)
      }
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('Shift+C')
    await page.getByTestId('column-sexAge').click()
    await page.getByTestId('column-modality').click()
    await eventually(() => answers.length).toBe(1)
    await page.waitForTimeout(200)
    expect(workstation.callsOf('settings.save').length).toBe(1)
    answers[0]?.()
    await eventually(() => answers.length).toBe(2)
    answers[1]?.()
    const shown = () =>
      workstation.list.settings().worklist?.columns?.filter(({ key }) => ['sexAge', 'modality'].includes(key))
    await eventually(shown).toMatchObject([{ shown: false }, { shown: false }])
  })

  it('that are changed while they are read again stay changed', async () => {
    let slow = false
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      const read = fake.handlers['settings.read']
      fake.handlers['settings.read'] = async () => {
        const before = structuredClone(await read(undefined))
        if (slow) await setTimeout(800)
        return before
      }
    })
    await page.getByTestId('worklist-row').first().waitFor()
    await page.keyboard.press('Shift+C')
    await page.getByTestId('column-sexAge').waitFor()
    slow = true
    workstation.emit({ kind: 'gateway', reachable: true })
    await eventually(() => workstation.callsOf('settings.read').length).toBe(2)
    await page.getByTestId('column-sexAge').click()
    await page.waitForTimeout(1_200)
    expect(await page.getByTestId('column-sexAge').isChecked()).toBe(false)
  })
})
