import { describe, expect, it } from 'vitest'
import type { Token } from '../../../src/shared/ipc/index.ts'
import { noChromium } from '../../chromium.ts'
import { sessionOf, tokens } from './facts.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()
const locked = (change: object = {}) =>
  ({
    phase: 'locked',
    session: { ...sessionOf('radiologist', '李明华', now), ...change },
    why: 'idle',
  }) as const
const key = tokens(now)[0]!
const anothers: Token = {
  ...key,
  id: 'slot-9',
  certificates: [{ ...key.certificates[0]!, subject: 'CN=周启明, OU=放射科' }],
}

describe.skipIf(noChromium)('another person at a locked workstation', () => {
  const open = windowTests()

  it('finds the form for switching as soon as their key is in, and ends nothing until their sign-in succeeds', async () => {
    const { page, workstation } = await open(locked(), (fake) => {
      fake.handlers['session.sign-in'] = ({ pin }) => {
        if (pin !== '123456') return fake.fail('pin-wrong', { triesLeft: 4 })
        fake.setState(activeAs('radiologist', '周启明'))
        return {}
      }
    })
    await page.getByTestId('unlock-form').waitFor()
    workstation.emit({ kind: 'tokens', tokens: [anothers] })
    await page.getByTestId('key-form').waitFor()
    const said = await page.getByTestId('entry-info').textContent()
    expect(said).toContain('登录成功后，李明华的会话才会结束')
    expect(said).toContain('草稿')
    await fits(page)
    await page.getByTestId('pin').fill('999999')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('还可再试 4 次')
    // Refused: the first person's session stands, and opens as before.
    await page.getByTestId('back-to-unlock').click()
    await page.getByTestId('unlock-form').waitFor()
    await page.getByTestId('switch-user').click()
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
    await eventually(() => page.getByTestId('who').textContent()).toContain('周启明')
    expect(workstation.callsOf('session.sign-in').at(-1)?.args).toMatchObject({ tokenId: 'slot-9' })
    expect(workstation.callsOf('session.sign-out')).toEqual([])
  })

  it('offers nobody a way to end the session', async () => {
    const { page, workstation } = await open(locked())
    await page.getByTestId('switch-user').click()
    await page.getByTestId('key-form').waitFor()
    const buttons = await page.getByRole('button').all()
    for (const button of buttons) {
      const testId = await button.getAttribute('data-testid')
      if (testId === 'by-fallback' || testId === 'back-to-unlock' || testId === 'language') continue
      await button.click()
      // What it opened covers the next one until it is gone. It is drawn first: one that is still opening is not seen, nor
      // does it hear the first press.
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
      await eventually(async () => {
        await page.keyboard.press('Escape')
        return await page.getByRole('dialog').count()
      }).toBe(0)
    }
    expect(workstation.callsOf('session.sign-out')).toEqual([])
    expect(workstation.callsOf('session.sign-in')).toEqual([])
  })

  it('asks the second person for the password as well where the rules say so', async () => {
    const { page } = await open(locked(), (fake) => {
      fake.handlers['workstation.sign-in-rules'] = () => ({
        password: true,
        fallback: false,
        newPassword: { minLength: 10, minClasses: 3, history: 5 },
      })
    })
    await page.getByTestId('switch-user').click()
    await page.getByTestId('password').waitFor()
  })

  it('leaves the owner’s form to who signed in here last, whatever name the key carries', async () => {
    const { page, workstation } = await open({ phase: 'signed-out', ended: null }, (fake) => {
      fake.handlers['tokens.list'] = () => [anothers]
      fake.handlers['session.sign-in'] = () => {
        fake.setState(activeAs('radiologist', '李明华'))
        return {}
      }
    })
    await page.getByTestId('token').waitFor()
    await page.getByTestId('pin').fill('1')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
    await page.keyboard.press('Control+l')
    await page.getByTestId('lock-screen').waitFor()
    expect(await page.getByTestId('lock-screen').getAttribute('data-way')).toBe('unlock')
    expect(workstation.callsOf('workstation.lock').length).toBe(1)
  })

  it('unlocks a session without a key by password and code', async () => {
    const { page, workstation } = await open(locked({ factor: 'fallback' }))
    await page.getByTestId('unlock-fallback-form').waitFor()
    await page.getByTestId('password').fill('secret')
    await page.getByTestId('code').fill('123456')
    await page.keyboard.press('Enter')
    await page.getByTestId('workspace').waitFor()
    expect(workstation.callsOf('session.unlock-fallback')[0]?.args).toEqual({
      password: 'secret',
      code: '123456',
    })
  })

  it('says that the clock was changed', async () => {
    const { page } = await open({ ...locked(), why: 'clock-changed' })
    await eventually(() => page.getByTestId('lock-screen').textContent()).toContain('时间被更改')
  })
})
