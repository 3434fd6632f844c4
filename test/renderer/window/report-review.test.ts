import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { KeyImage, Submission } from '../../../src/shared/report/index.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

/** Screens to look at, where a folder is named. */
const shots = process.env.VIGIL_SHOTS
async function shot(page: Page, name: string) {
  if (!shots) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: `${shots}/${name}.png` })
}

const text = { findings: '左侧大量气胸，左肺受压。', impression: '左侧大量气胸。' }
const submission = (change: Partial<Submission> = {}): Submission => ({
  stage: 'submitted',
  writtenBy: { accountId: 'account-author', name: '王住院' },
  submittedAt: Date.now() - 600_000,
  text,
  reviewer: null,
  comment: '',
  suspected: 1,
  ...change,
})
const images: KeyImage[] = ['a', 'b', 'c'].map((letter, index) => ({
  id: letter.repeat(64),
  series: '1.2',
  instance: `1.2.${index + 1}`,
  frame: 1,
  caption: `图${letter}`,
  width: 64,
  height: 64,
}))
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const standing = (page: Page) => page.getByTestId('review-banner').getAttribute('data-standing')

describe.skipIf(noChromium)('the way of a report to its signature', () => {
  const open = windowTests({ images: false })

  it('is handed in by a resident, who is told of a suspected critical value, and taken back', async () => {
    const { page, workstation } = await open(activeAs('resident', '王住院'), (fake) => {
      fake.setDraft(text)
      fake.handlers['report.submit'] = () => {
        fake.setReview({
          stage: 'submitted',
          submission: submission({ writtenBy: { accountId: 'account-resident', name: '王住院' } }),
        })
        return { suspected: 1 }
      }
      fake.handlers['report.recall'] = () => {
        fake.setReview({ stage: 'writing', submission: null })
        return {}
      }
    })
    await openFirstStudy(page)
    await page.getByTestId('submit-report').waitFor()
    expect(await page.getByTestId('sign-off').count()).toBe(0)
    await eventually(() => page.getByTestId('finding').count()).toBeGreaterThan(0)
    await page.keyboard.press('F4')
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('hand-suspected').waitFor()
    expect(await page.getByTestId('hand-suspected').textContent()).toContain('请电话告知上级医师尽快审核')
    await shot(page, 'submit-suspected')
    await accessible(page, 'hand-over')
    await page.keyboard.press('Enter')
    await eventually(() => standing(page)).toBe('handed-in')
    expect(workstation.callsOf('report.submit').map(({ args }) => (args as { text: unknown }).text)).toEqual([
      text,
    ])
    expect(workstation.callsOf('report.prepare-sign-off')).toEqual([])
    await shot(page, 'handed-in')
    expect(await page.locator('.cm-editor').count()).toBe(0)
    await page.getByTestId('recall').click()
    await page.getByTestId('report-editor').waitFor()
    await eventually(() => page.getByTestId('editor-impression').textContent()).toContain('左侧大量气胸')
  })

  it('is reviewed: taken, changed, compared and given back with words', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft(text)
      fake.setReview({ stage: 'submitted', submission: submission() })
      fake.handlers['report.steps'] = () => ({
        steps: [
          {
            id: '1',
            kind: 'submitted',
            by: { accountId: 'account-author', name: '王住院' },
            at: Date.now(),
            text,
            comment: '',
          },
        ],
      })
    })
    await openFirstStudy(page)
    await eventually(() => standing(page)).toBe('to-review')
    expect(await page.getByTestId('suspected').textContent()).toContain('疑似危急值 1 条')
    await shot(page, 'to-review')
    await page.keyboard.press('Alt+r')
    await page.getByTestId('report-editor').waitFor()
    expect(await standing(page)).toBe('reviewing')
    expect(await page.getByTestId('submit-report').count()).toBe(0)
    expect(await page.getByTestId('sign-off').count()).toBe(1)
    await page.getByTestId('editor-impression').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('Urgent.')
    await page.keyboard.press('Alt+r')
    await eventually(() => page.locator('[data-testid=handed-in-changes] ins').allTextContents()).toEqual([
      'Urgent.',
    ])
    await shot(page, 'reviewing')
    await accessible(page, 'reviewing')
    await page.getByTestId('reject').click()
    await page.keyboard.press('Enter')
    expect(await page.getByTestId('comment-form').textContent()).toContain('至少 2 个字')
    await page.keyboard.type('too short')
    await page.keyboard.press('Enter')
    await eventually(() => standing(page)).toBe('given-back-to-other')
    const [rejected] = workstation.callsOf('report.reject')
    expect(rejected?.args).toMatchObject({
      comment: 'too short',
      text: { impression: '左侧大量气胸。Urgent.' },
    })
    const saves = workstation.callsOf('report.save-draft').length
    await page.waitForTimeout(700)
    expect(workstation.callsOf('report.save-draft')).toHaveLength(saves)
  })

  it('comes back to its author with the words', async () => {
    const { page } = await open(activeAs('resident', '王住院'), (fake) => {
      fake.setDraft(text)
      fake.setReview({
        stage: 'rejected',
        submission: submission({
          stage: 'rejected',
          writtenBy: { accountId: 'account-resident', name: '王住院' },
          reviewer: { accountId: 'account-radiologist', name: '李明华' },
          comment: '请补测气胸压缩程度，并核对侧别',
        }),
        keyImages: images,
      })
      fake.handlers['report.key-image'] = () => ({ png: pixel })
    })
    await openFirstStudy(page)
    await eventually(() => standing(page)).toBe('given-back')
    expect(await page.getByTestId('review-comment').textContent()).toBe('请补测气胸压缩程度，并核对侧别')
    await eventually(() => page.locator('[data-testid=key-image] img').count()).toBe(3)
    await shot(page, 'given-back')
    await accessible(page, 'given back')
  })

  it('keeps its key images in order, with captions, as they are changed', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.setDraft(text)
      fake.setReview({ stage: 'writing', submission: null, keyImages: images })
      fake.handlers['report.key-image'] = () => ({ png: pixel })
    })
    await openFirstStudy(page)
    const ids = () =>
      page
        .getByTestId('key-image')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.id?.[0]))
    await eventually(ids).toEqual(['a', 'b', 'c'])
    await page.getByTestId('key-image').first().locator('.key-image-show').focus()
    await page.keyboard.press('Shift+ArrowRight')
    await eventually(ids).toEqual(['b', 'a', 'c'])
    await page.getByTestId('key-image-caption').first().fill('左侧气胸')
    await page.getByTestId('key-image').nth(2).locator('.key-image-show').focus()
    await page.keyboard.press('Delete')
    await eventually(ids).toEqual(['b', 'a'])
    await eventually(() => {
      const last = workstation.callsOf('report.save-draft').at(-1)?.args as
        | { keyImages?: KeyImage[] }
        | undefined
      return last?.keyImages?.map(({ caption }) => caption)
    }).toEqual(['左侧气胸', '图a'])
    await page.getByTestId('reading-room').waitFor()
  })

  it('is taken over from somebody who is not there, with a reason', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      const own = fake.handlers['report.open']
      let taken = false
      fake.handlers['report.open'] = async (args) => ({
        ...(await own(args)),
        lockedBy: taken ? null : { name: '周启明', since: Date.now() - 60_000, stage: 'writing' },
      })
      fake.handlers['report.take-over'] = () => {
        taken = true
        return {}
      }
    })
    await openFirstStudy(page)
    await eventually(() => standing(page)).toBe('locked')
    await page.getByTestId('take-over').click()
    await page.getByTestId('comment').fill('作者已下班')
    await page.keyboard.press('Enter')
    await page.getByTestId('report-editor').waitFor()
    expect(workstation.callsOf('report.take-over')[0]?.args).toMatchObject({ reason: '作者已下班' })
  })
})
