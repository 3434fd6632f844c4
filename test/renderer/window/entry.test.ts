import { describe, expect, it } from 'vitest'
import { noChromium } from '../../chromium.ts'
import { sessionOf, tokens } from './facts.ts'
import { activeAs, eventually, openFirstStudy, windowTests } from './window-test.ts'

const signedOut = { phase: 'signed-out', ended: null } as const
const ticket = `gateway.local:8443/${'0123456789ABCDEFGHJK'}/${'a'.repeat(43)}`

const open = windowTests()

describe.skipIf(noChromium)('enrolment', () => {
  it('refuses a broken ticket by itself and sends a good one, line breaks and all', async () => {
    const { page, workstation } = await open({ phase: 'not-enrolled' })
    // The name that IT has set up stands there already.
    await eventually(() => page.getByTestId('enrolment-name').inputValue()).toBe('阅片室-03')
    await page.getByTestId('enrolment-ticket').fill('nonsense')
    await page.getByTestId('enrol').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('登记码格式不对')
    expect(workstation.callsOf('workstation.enrol')).toEqual([])

    await page.getByTestId('enrolment-ticket').fill(`${ticket.slice(0, 30)}\n${ticket.slice(30)}`)
    await page.getByTestId('enrolment-name').fill('CT 室-02')
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-in').waitFor()
    expect(workstation.callsOf('workstation.enrol')[0]?.args).toEqual({ ticket, name: 'CT 室-02' })
  })
})

describe.skipIf(noChromium)('sign-in', () => {
  it('signs in with Enter, the PIN masked and gone afterwards', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () => {
        fake.setState(activeAs('radiologist'))
        return {}
      }
    })
    await page.getByTestId('token').waitFor()
    expect(await page.getByTestId('pin').getAttribute('type')).toBe('password')
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
    expect(workstation.callsOf('session.sign-in')[0]?.args).toEqual({
      tokenId: 'slot-0',
      certificateId: '01',
      pin: '123456',
      takeOver: false,
    })
    expect(await page.content()).not.toContain('123456')
  })

  it('says how many tries are left, empties the PIN and waits there for the next', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () => fake.fail('pin-wrong', { triesLeft: 2 })
    })
    await page.getByTestId('token').waitFor()
    await page.keyboard.type('1111')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还可再试 2 次')
    await eventually(() => page.getByTestId('pin').inputValue()).toBe('')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('pin')
  })

  it('asks for the password where the account needs one, and for the PIN again', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = ({ password }) =>
        password === 'secret'
          ? {}
          : fake.fail(password === undefined ? 'password-required' : 'password-wrong')
    })
    await page.getByTestId('token').waitFor()
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('password').waitFor()
    expect(await page.getByTestId('entry-info').textContent()).toContain('还需要密码')
    const enter = async (password: string) => {
      await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('pin')
      await page.keyboard.type('123456')
      await page.keyboard.press('Tab')
      await page.keyboard.type(password)
      await page.keyboard.press('Enter')
    }
    await enter('wrong')
    await eventually(() => page.getByTestId('entry-bad').getAttribute('data-code')).toBe('password-wrong')
    await eventually(() => page.getByTestId('password').inputValue()).toBe('')
    await enter('secret')
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(3)
    expect(workstation.callsOf('session.sign-in')[2]?.args).toMatchObject({
      pin: '123456',
      password: 'secret',
    })
  })

  it('names the other workstation and takes over only when told to', async () => {
    const since = new Date()
    since.setHours(0, 5, 0, 0)
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = ({ takeOver }) =>
        takeOver ? {} : fake.fail('session-elsewhere', { workstation: 'CT 室-01', since: since.getTime() })
    })
    await page.getByTestId('token').waitFor()
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('CT 室-01')
    // The token signs again, so its PIN is asked for again.
    await eventually(() => page.getByTestId('pin').inputValue()).toBe('')
    await page.getByTestId('take-over').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('请输入 PIN')
    expect(workstation.callsOf('session.sign-in').length).toBe(1)
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(2)
    expect(workstation.callsOf('session.sign-in')[1]?.args).toMatchObject({ takeOver: true, pin: '123456' })
  })

  it('chooses among several keys by ↑ and ↓ from the PIN, and offers the one used last the next time', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      const [key] = tokens(Date.now())
      fake.handlers['tokens.list'] = () => ['a', 'b', 'c'].map((id) => ({ ...key!, id }))
      fake.handlers['session.sign-in'] = () => {
        fake.setState(activeAs('radiologist'))
        return {}
      }
    })
    await eventually(() => page.getByTestId('token').count()).toBe(3)
    await page.getByTestId('pin').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
    expect(workstation.callsOf('session.sign-in')[0]?.args).toMatchObject({ tokenId: 'b' })

    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    await eventually(() => page.getByTestId('token').count()).toBe(1)
    expect(await page.getByTestId('token').getAttribute('data-token')).toBe('b')
    await page.getByTestId('token-other').click()
    await eventually(() => page.getByTestId('token').count()).toBe(3)

    // Without the key of this session it says which one is missing.
    const [key] = tokens(Date.now())
    workstation.emit({ kind: 'tokens', tokens: [{ ...key!, id: 'c' }] })
    await eventually(() => page.getByTestId('entry-info').textContent()).toContain('登录时使用的 USB Key')
  })

  it('follows the keys as they come and go, and bars what cannot be used', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['tokens.list'] = () => []
    })
    await page.getByTestId('token-none').waitFor()
    const [good] = tokens(Date.now())
    const certificates = good!.certificates.map((each) => ({ ...each, unfit: 'expired' as const }))
    workstation.emit({
      kind: 'tokens',
      tokens: [
        { ...good!, id: 'old', certificates },
        { ...good!, pin: 'final-try' },
      ],
    })
    await eventually(() => page.getByTestId('token').count()).toBe(2)
    expect(await page.getByTestId('token').first().textContent()).toContain('已过期')
    expect(await page.getByRole('radio').first().isDisabled()).toBe(true)
    expect(await page.getByRole('radio').nth(1).isChecked()).toBe(true)
    expect(await page.getByTestId('token-pin-state').textContent()).toContain('最后一次')
  })

  it('explains why the last session ended', async () => {
    const at = new Date()
    at.setHours(0, 32, 0, 0)
    const ended = { reason: 'taken-over', at: at.getTime(), byWorkstation: 'CT 室-01' } as const
    const { page } = await open({ phase: 'signed-out', ended })
    const said = page.getByTestId('entry-info')
    await said.waitFor()
    expect(await said.getAttribute('data-code')).toBe('taken-over')
    expect(await said.textContent()).toContain('在工作站 CT 室-01 登录，本机会话已结束')
  })
})

describe.skipIf(noChromium)('the lock', () => {
  it('takes everything clinical out of the page, and gives the same study back', async () => {
    const { page, workstation } = await open(activeAs('radiologist'), (fake) => {
      fake.handlers['report.open'] = () => ({
        status: 'draft',
        text: { findings: '左侧大量气胸。', impression: '' },
        recovered: false,
        stage: 'writing',
        keyImages: [],
        submission: null,
        lockedBy: null,
        versions: [],
      })
    })
    await openFirstStudy(page)
    await page.locator('.cm-content .critical').waitFor()
    await page.getByTestId('exam-facts').waitFor()
    await page.locator('canvas').first().waitFor()
    await page.getByTestId('editor-findings').click()
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(workstation.callsOf('workstation.lock').length).toBe(1)
    const left = await page.evaluate('document.body.innerHTML')
    for (const clinical of ['王建国', '气胸', 'P0001234', 'CT20261122001', '<canvas', 'cm-editor']) {
      expect(left).not.toContain(clinical)
    }

    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('reading-room').waitFor()
    expect(workstation.callsOf('session.unlock').length).toBe(1)
    // What it shows it has asked for anew: nothing was kept.
    await eventually(() => workstation.callsOf('report.open').length).toBe(2)
    expect(workstation.callsOf('study.open').length).toBe(2)
  })

  it('gives the graphics memory of the images back at once', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    const session = sessionOf('radiologist', '李明华', Date.now())
    const lock = async () => {
      await page.locator('[data-viewport-state=loaded]').first().waitFor()
      workstation.setState({ phase: 'locked', session, why: 'user' })
      await page.getByTestId('lock-screen').waitFor()
    }
    await openFirstStudy(page)
    await lock()
    await page.evaluate(`{
      const getContext = HTMLCanvasElement.prototype.getContext
      window.graphics = []
      window.asBefore = () => { HTMLCanvasElement.prototype.getContext = getContext; window.graphics = [] }
      HTMLCanvasElement.prototype.getContext = function (...args) {
        const context = getContext.apply(this, args)
        if (context instanceof WebGL2RenderingContext) window.graphics.push(context)
        return context
      }
    }`)
    workstation.setState({ phase: 'active', session })
    await lock()
    await eventually(() => page.evaluate('window.graphics.every((context) => context.isContextLost())')).toBe(
      true,
    )
    expect(await page.evaluate('window.graphics.length')).toBeGreaterThan(0)
    await page.evaluate('window.asBefore()')
  })

  it('saves what was typed a moment before', async () => {
    const { page, workstation } = await open(activeAs('radiologist'))
    await openFirstStudy(page)
    await page.getByTestId('editor-findings').click()
    await page.keyboard.type('left pneumothorax')
    workstation.setState({
      phase: 'locked',
      session: sessionOf('radiologist', '李明华', Date.now()),
      why: 'token-removed',
    })
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.getByTestId('lock-screen').textContent()).toContain('USB Key 已拔出')
    await eventually(() => workstation.draft().findings).toBe('left pneumothorax')
  })

  it('refuses another person by name of the reason', async () => {
    const { page } = await open(
      { phase: 'locked', session: sessionOf('radiologist', '李明华', Date.now()), why: 'idle' },
      (fake) => {
        fake.handlers['session.unlock'] = () => fake.fail('other-account')
      },
    )
    await page.getByTestId('token').waitFor()
    await page.keyboard.type('123456')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('另一位人员的证书')
    await page.getByTestId('other-switch').click()
    expect(await page.getByTestId('lock-screen').getAttribute('data-way')).toBe('switch')
  })
})
