import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { AlertDetail } from '../../../src/shared/alert/index.ts'
import type { AlertAttention } from '../../../src/shared/session/index.ts'
import { noChromium } from '../../chromium.ts'
import { everyEvent, later, madeAlert } from '../alerts/made-alert.ts'
import { alertDesk } from './alert-desk.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const { raised, released, delivered, received, escalated, exhausted } = everyEvent
const hop = { ...escalated, skipped: [] }
const now = Date.now()

/** On its way for so many minutes. */
const alertOf = (id: string, level: AlertAttention['level'] = 'red', given = {}): AlertDetail =>
  madeAlert(
    id,
    [
      [raised, later(now, -1)],
      [released, later(now, -1)],
      [delivered, later(now, -1)],
    ],
    { level, ...given },
  )

/** Counts what sounds, and lets the test say whether the window is the one in use. */
const spy = `{
  window.beeps = []
  window.loudest = 0
  window.contexts = []
  window.inUse = true
  if (!window.spied) spyOn()
  window.spied = true
}
function spyOn() {
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (at) {
    window.beeps.push(this.frequency.value)
    return start.call(this, at)
  }
  const ramp = AudioParam.prototype.linearRampToValueAtTime
  AudioParam.prototype.linearRampToValueAtTime = function (value, at) {
    window.loudest = Math.max(window.loudest, value)
    return ramp.call(this, value, at)
  }
  const Real = window.AudioContext
  window.AudioContext = class extends Real { constructor() { super(); window.contexts.push(this) } }
  document.hasFocus = () => window.inUse
}`

describe.skipIf(noChromium)('attention', () => {
  const open = windowTests({ images: false })

  async function openDesk(
    details: AlertDetail[],
    prepare: (fake: FakeWorkstation) => void = () => undefined,
  ) {
    let desk: ReturnType<typeof alertDesk> | undefined
    const opened = await open(activeAs('radiologist'), (fake) => {
      desk = alertDesk(fake, details)
      prepare(fake)
    })
    const { page, workstation } = opened
    await page.getByTestId('worklist-row').first().waitFor()
    await page.evaluate(spy)
    const d = desk as ReturnType<typeof alertDesk>
    const tell = (alertId: string, why: AlertAttention['why']) =>
      workstation.emit({
        kind: 'alert-attention',
        alertId,
        level: d.details.find(({ alert }) => alert.id === alertId)?.alert.level ?? 'red',
        why,
      })
    const beeps = () => page.evaluate('window.beeps.length') as Promise<number>
    const flashes = () =>
      workstation.callsOf('workstation.attention').map(({ args }) => (args as { on: boolean }).on)
    return { page, workstation, desk: d, tell, beeps, flashes, notice: page.getByTestId('attention-notice') }
  }
  type Desk = Awaited<ReturnType<typeof openDesk>>

  const escalate = ({ desk, tell }: Desk, id: string) => {
    desk.happens(id, hop)
    tell(id, 'escalated')
  }
  const exhaust = ({ desk, tell }: Desk, id: string) => {
    desk.happens(id, exhausted)
    tell(id, 'exhausted')
  }
  const away = (page: Page) => page.evaluate('window.inUse = false')
  const box = async (page: Page, testId: string) => {
    const found = await page.getByTestId(testId).first().boundingBox()
    if (!found) throw new Error(`${testId} is not shown`)
    return found
  }

  it('shows a notice with what, whose and why, rings once, and stays until it is put away', async () => {
    const at = await openDesk([alertOf('A1')])
    escalate(at, 'A1')
    await at.notice.waitFor()
    expect(await at.notice.textContent()).toMatch(
      /急性硬膜外血肿王建国CT20261122001超时未接收，已升级至科主任 王建业/,
    )
    await eventually(at.beeps).toBe(5)
    expect(await at.page.title()).toBe('（1）Vigil')
    at.workstation.emit({ kind: 'alert-changed', alertId: 'A1' })
    await at.page.waitForTimeout(2_000)
    expect(await at.notice.count()).toBe(1)
    expect(await at.beeps()).toBe(5)
    await at.page.getByTestId('attention-seen').click()
    await eventually(() => at.notice.count()).toBe(0)
    expect(await at.page.title()).toBe('Vigil')
    await eventually(() => at.page.evaluate('window.contexts.map(({ state }) => state)')).toEqual(['closed'])
  })

  it('takes neither the focus nor a letter from who writes, and covers neither image nor text', async () => {
    const at = await openDesk([alertOf('A1'), alertOf('A2')])
    const { page } = at
    await openFirstStudy(page)
    const editor = page.locator('.cm-content').first()
    await editor.click()
    await page.keyboard.type('左侧颞顶部')
    escalate(at, 'A1')
    await at.notice.waitFor()
    await page.keyboard.type('见梭形高密度影')
    exhaust(at, 'A2')
    await eventually(() => at.notice.getAttribute('data-why')).toBe('exhausted')
    await page.keyboard.type('。')
    expect(await editor.textContent()).toBe('左侧颞顶部见梭形高密度影。')
    const bar = await box(page, 'attention')
    const room = await box(page, 'reading-room')
    expect(bar.y + bar.height).toBeLessThanOrEqual(room.y + 0.5)
    await fits(page)
    // Put away, or looked at, by the mouse: one goes on writing in the same place.
    await page.getByTestId('attention-seen').click()
    await eventually(() => at.notice.getAttribute('data-why')).toBe('escalated')
    await page.keyboard.type('中线')
    await page.getByTestId('attention-open').click()
    await page.getByTestId('alert-detail').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('alerts-panel').waitFor({ state: 'detached' })
    await page.keyboard.type('居中。')
    expect(await editor.textContent()).toBe('左侧颞顶部见梭形高密度影。中线居中。')
  })

  it('shows above a dialog, without touching what is entered there, and leads to the alert from there', async () => {
    const at = await openDesk([alertOf('A1')], (fake) =>
      fake.setDraft({ findings: '左侧大量气胸。', impression: '见上。' }),
    )
    const { page } = at
    await openFirstStudy(page)
    await page.getByTestId('report-editor').waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('sign-off-form').waitFor()
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('decide-alert')
    const before = await box(page, 'sign-off-dialog')
    exhaust(at, 'A1')
    await at.notice.waitFor()
    const middle = await box(page, 'attention-why')
    const onTop = `document.elementFromPoint(${middle.x + 5}, ${middle.y + middle.height / 2})?.closest('[data-testid=attention-notice]') !== null`
    await eventually(() => page.evaluate(onTop)).toBe(true)
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('decide-alert')
    expect(await box(page, 'sign-off-dialog')).toEqual(before)
    const bar = await box(page, 'attention')
    expect(bar.y + bar.height).toBeLessThanOrEqual(before.y + 0.5)
    await page.getByTestId('attention-open').click()
    await page.getByTestId('alert-call-form').waitFor()
    // Neither a key nor a click beside it takes away what is being typed.
    await page.getByTestId('call-remark').fill('占线')
    for (const key of ['Escape', 'F8']) await page.keyboard.press(key)
    await page.mouse.click(8, 400)
    expect(await page.getByTestId('call-remark').inputValue()).toBe('占线')
    expect(await page.getByTestId('sign-off-form').count()).toBe(1)
    // Nor does another exam take the place of what is being signed.
    await page.getByTestId('alert-open-study').click()
    await page.getByText('请先完成或关闭下方的窗口').waitFor()
    expect(await page.getByTestId('call-remark').inputValue()).toBe('占线')
    await page.getByTestId('alert-call').click()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByTestId('alert-rows').count()).toBe(0)
    expect(await page.getByTestId('sign-off-form').count()).toBe(1)
  })

  it('stacks ten behind the gravest, unfolds them, and puts all away at once', async () => {
    const at = await openDesk(
      Array.from({ length: 10 }, (_, n) =>
        alertOf(`A${n}`, n === 4 ? 'red' : 'yellow', { patientName: `患者${n}` }),
      ),
    )
    for (let n = 0; n < 10; n += 1) escalate(at, `A${n}`)
    await eventually(() => at.page.getByTestId('attention-more').textContent()).toBe('另有 9 条')
    expect(await at.notice.count()).toBe(1)
    expect(await at.notice.getAttribute('data-alert')).toBe('A4')
    expect((await box(at.page, 'attention')).height).toBeLessThan(45)
    await at.page.getByTestId('attention-more').click()
    expect(await at.notice.count()).toBe(10)
    expect((await box(at.page, 'attention')).height).toBeLessThan(768 / 2)
    await at.page.getByTestId('attention-all-seen').click()
    await eventually(() => at.notice.count()).toBe(0)
  })

  it('does not ring ten times for ten', async () => {
    const at = await openDesk(Array.from({ length: 10 }, (_, n) => alertOf(`A${n}`, 'orange')))
    const began = Date.now()
    for (let n = 0; n < 10; n += 1) escalate(at, `A${n}`)
    await eventually(() => at.page.getByTestId('attention-more').textContent()).toBe('另有 9 条')
    await at.page.waitForTimeout(500)
    const beeps = await at.beeps()
    expect(beeps).toBeGreaterThanOrEqual(3)
    // The signal is a second and a half: no more than would fit one after the other.
    expect(beeps).toBeLessThanOrEqual(3 * (1 + Math.floor((Date.now() - began) / 1_500)))
    expect(beeps).toBeLessThan(30)
  })

  it('has one signal for each level', async () => {
    const at = await openDesk([alertOf('A1', 'yellow'), alertOf('A2', 'orange'), alertOf('A3', 'red')])
    for (const [id, sum] of [
      ['A1', 1],
      ['A2', 4],
      ['A3', 9],
    ] as const) {
      // The one before has sounded.
      if (id !== 'A1') await at.page.waitForTimeout(1_600)
      escalate(at, id)
      await eventually(at.beeps).toBe(sum)
    }
  })

  it('leads from the end of the chain to the form of the call', async () => {
    const at = await openDesk([alertOf('A1')])
    at.desk.happens('A1', hop)
    exhaust(at, 'A1')
    await at.notice.waitFor()
    expect(await at.notice.textContent()).toContain('升级链已到头，请电话通知')
    await at.page.getByTestId('attention-open').click()
    await at.page.getByTestId('alert-call-form').waitFor()
    await eventually(() => at.page.evaluate('document.activeElement.dataset.testid')).toBe('call-name')
    await eventually(() => at.notice.count()).toBe(0)
    await eventually(at.beeps).toBe(5)
    // The next signal is one of its own once the last has sounded.
    await at.page.waitForTimeout(1_600)
    // Nobody telephoned: it is told again after a hop, and is to be noticed again.
    exhaust(at, 'A1')
    await eventually(() => at.notice.count()).toBe(1)
    await eventually(at.beeps).toBe(10)
  })

  it('goes by itself when somebody has answered', async () => {
    const at = await openDesk([alertOf('A1')])
    escalate(at, 'A1')
    await at.notice.waitFor()
    at.desk.happens('A1', received)
    await eventually(() => at.notice.count()).toBe(0)
  })

  it('asks a colleague to check, softly, and does not ask the reporter', async () => {
    const waiting = (id: string, own: boolean) =>
      madeAlert(
        id,
        [
          [raised, now],
          [{ kind: 'check-requested', until: later(now, 5) }, now],
        ],
        { own, raisedBy: own ? '李明华' : '周晓彤' },
      )
    const at = await openDesk([waiting('A1', true)])
    at.tell('A1', 'check-requested')
    await at.page.waitForTimeout(800)
    expect(await at.notice.count()).toBe(0)
    expect(await at.beeps()).toBe(0)
    at.desk.details.push(waiting('A2', false))
    at.workstation.emit({ kind: 'alert-changed', alertId: 'A2' })
    at.tell('A2', 'check-requested')
    await eventually(() => at.notice.textContent()).toContain('周晓彤 上报，待核对')
    await eventually(at.beeps).toBe(5)
    expect(await at.page.evaluate('window.loudest')).toBeLessThan(0.1)
    await at.page.getByTestId('attention-open').click()
    await at.page.getByTestId('alert-check-form').waitFor()
  })

  it('tells of a clinician who answered what was withdrawn', async () => {
    const gone = madeAlert('A1', [
      [raised, now],
      [released, now],
      [everyEvent.withdrawn, now],
    ])
    const at = await openDesk([gone])
    at.tell('A1', 'answered-late')
    await eventually(() => at.notice.textContent()).toContain('已撤回，但临床仍作了应答')
  })

  it('says so where the alerts cannot be read, instead of nothing', async () => {
    const at = await openDesk([alertOf('A1')])
    at.workstation.handlers['alerts.list'] = () => at.workstation.fail('gateway-unreachable')
    at.workstation.emit({ kind: 'alert-changed', alertId: 'A1' })
    at.tell('A1', 'exhausted')
    await at.page.getByTestId('attention-unreadable').waitFor()
    await eventually(at.beeps).toBe(5)
  })

  it('in quiet reading shows the notice without a sound, but for the end of the chain: that rings softly', async () => {
    const at = await openDesk([alertOf('A1', 'orange'), alertOf('A2', 'orange')])
    await at.page.keyboard.press('F8')
    await at.page.getByTestId('quiet-reading').click()
    await at.page.keyboard.press('F8')
    await eventually(() => at.page.getByTestId('alerts-button').textContent()).toContain('安静阅片')
    await away(at.page)
    escalate(at, 'A1')
    await at.notice.waitFor()
    await eventually(at.flashes).toEqual([true, false])
    expect(await at.beeps()).toBe(0)
    exhaust(at, 'A2')
    await eventually(at.beeps).toBe(3)
    expect(await at.page.evaluate('window.loudest')).toBeLessThan(0.1)
  })

  it('keeps quiet reading for the person, and for nobody else at the workstation', async () => {
    const at = await openDesk([])
    await at.page.keyboard.press('F8')
    await at.page.getByTestId('quiet-reading').click()
    await at.page.keyboard.press('F8')
    const sessionOf = (accountId: string) => {
      const state = activeAs('radiologist')
      if (state.phase !== 'active') throw new Error('not active')
      return { ...state, session: { ...state.session, id: `s-${accountId}-${Math.random()}`, accountId } }
    }
    const isQuiet = () => at.page.locator('.alert-quiet').count()
    at.workstation.setState(sessionOf('account-other'))
    await eventually(isQuiet).toBe(0)
    at.workstation.setState(sessionOf('account-radiologist'))
    await eventually(isQuiet).toBe(1)
    const kept = (await at.page.evaluate('localStorage.getItem("vigil.preferences")')) as string
    expect(kept).toContain('account-radiologist')
    expect(kept).not.toContain('李明华')
  })

  it('flashes in the task bar until the window is used', async () => {
    const at = await openDesk([alertOf('A1')])
    await away(at.page)
    escalate(at, 'A1')
    await eventually(at.flashes).toEqual([true])
    await at.page.evaluate('window.dispatchEvent(new Event("focus"))')
    await eventually(at.flashes).toEqual([true, false])
    expect(await at.notice.count()).toBe(1)
  })

  it('does not flash a window in use', async () => {
    const at = await openDesk([alertOf('A1')])
    escalate(at, 'A1')
    await eventually(at.beeps).toBe(5)
    expect(at.flashes()).toEqual([])
  })

  it('while locked only flashes and marks the title; afterwards shows and rings what came', async () => {
    const at = await openDesk([alertOf('A1')])
    const { page, workstation } = at
    const session = activeSession().session
    workstation.setState({ phase: 'locked', session, why: 'user' })
    await page.getByTestId('attention').waitFor({ state: 'detached' })
    await away(page)
    const asked = workstation.callsOf('alerts.list').length
    escalate(at, 'A1')
    await eventually(at.flashes).toEqual([true])
    await eventually(() => page.title()).toBe('● Vigil')
    expect(await at.beeps()).toBe(0)
    expect(await page.evaluate('document.body.innerText')).not.toMatch(/王建国|硬膜外|CT20261122001|升级/)
    expect(workstation.callsOf('alerts.list').length).toBe(asked)
    workstation.setState({ phase: 'active', session })
    await at.notice.waitFor()
    await eventually(at.beeps).toBe(5)
    expect(await at.notice.getAttribute('data-why')).toBe('escalated')
  })

  it('does not flash while locked for what was heard before', async () => {
    const at = await openDesk([alertOf('A1')])
    escalate(at, 'A1')
    await at.notice.waitFor()
    await away(at.page)
    at.workstation.setState({ phase: 'locked', session: activeSession().session, why: 'user' })
    await at.notice.waitFor({ state: 'detached' })
    await at.page.waitForTimeout(500)
    expect(at.flashes()).toEqual([])
    expect(await at.page.title()).toBe('Vigil')
    at.tell('A1', 'exhausted')
    await eventually(at.flashes).toEqual([true])
  })

  it('remembers over a lock what was put away and what has rung', async () => {
    const at = await openDesk([alertOf('A1'), alertOf('A2')])
    const session = activeSession().session
    escalate(at, 'A1')
    await at.notice.waitFor()
    await at.page.getByTestId('attention-seen').click()
    escalate(at, 'A2')
    await at.notice.waitFor()
    await eventually(at.beeps).toBeGreaterThan(4)
    const before = await at.beeps()
    at.workstation.setState({ phase: 'locked', session, why: 'user' })
    await at.notice.waitFor({ state: 'detached' })
    at.workstation.setState({ phase: 'active', session })
    await at.notice.waitFor()
    expect(await at.notice.getAttribute('data-alert')).toBe('A2')
    expect(await at.page.getByTestId('attention-more').count()).toBe(0)
    await at.page.waitForTimeout(500)
    expect(await at.beeps()).toBe(before)
  })

  it('says it to who listens to the screen: red at once, yellow at the next pause', async () => {
    const at = await openDesk([alertOf('A1', 'yellow'), alertOf('A2', 'red')])
    const said = (role: string) => at.page.getByTestId('attention').locator(`p[role=${role}]`).textContent()
    escalate(at, 'A1')
    await eventually(() => said('status')).toContain('已升级至科主任')
    expect(await said('alert')).toBe('')
    escalate(at, 'A2')
    await eventually(() => said('alert')).toContain('红色')
  })

  it('is not there for who may not read alerts', async () => {
    const { page, workstation } = await open(activeAs('technologist'))
    await page.getByTestId('workspace').waitFor()
    await page.keyboard.press('F8')
    workstation.emit({ kind: 'alert-attention', alertId: 'A1', level: 'red', why: 'exhausted' })
    await page.waitForTimeout(500)
    expect(await page.getByTestId('attention').count()).toBe(0)
    expect(await page.getByTestId('alerts-panel').count()).toBe(0)
    expect(workstation.callsOf('alerts.list')).toEqual([])
  })
})

function activeSession() {
  const state = activeAs('radiologist')
  if (state.phase !== 'active') throw new Error('not active')
  return state
}
