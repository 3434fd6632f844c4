import { describe, expect, it } from 'vitest'
import { type Token, TokenModule } from '../../../src/shared/ipc/index.ts'
import { noChromium } from '../../chromium.ts'
import { tokens } from './facts.ts'
import { fits } from './fits.ts'
import { eventually, windowTests } from './window-test.ts'

const signedOut = { phase: 'signed-out', ended: null } as const
const key = tokens(Date.now())[0]!

const open = windowTests()

describe.skipIf(noChromium)('the PIN', () => {
  it('is not tried a last time before that has been confirmed', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['tokens.list'] = () => [{ ...key, pin: 'final-try' }]
    })
    await page.getByTestId('pin-final').waitFor()
    await page.getByTestId('pin').fill('123456')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('最后一次')
    expect(workstation.callsOf('session.sign-in')).toEqual([])
    expect(await page.getByTestId('pin').inputValue()).toBe('123456')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.getByTestId('pin').press('Enter')
    await eventually(() => workstation.callsOf('session.sign-in').length).toBe(1)
  })

  it('that is locked says what to do and where, and tries nothing', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['session.sign-in'] = () => {
        fake.emit({ kind: 'tokens', tokens: [{ ...key, pin: 'locked' }] })
        return fake.fail('pin-locked')
      }
    })
    await page.getByTestId('pin').fill('000000')
    await page.keyboard.press('Enter')
    await page.locator('[data-code=pin-locked-guidance]').waitFor()
    expect(await page.locator('[data-code=pin-locked-guidance]').textContent()).toContain('信息科')
    await page.getByTestId('pin').fill('000000')
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('选择一个可用的证书')
    expect(workstation.callsOf('session.sign-in').length).toBe(1)
  })

  it('is changed, after its length has been learnt from the key', async () => {
    const { page, workstation } = await open(signedOut, (fake) => {
      fake.handlers['tokens.change-pin'] = ({ newPin, pin }) => {
        if (pin !== '111111') return fake.fail('pin-wrong', { triesLeft: 5 })
        return newPin.length < 6 ? fake.fail('pin-unacceptable', { minLength: 6, maxLength: 16 }) : {}
      }
    })
    await page.getByTestId('change-pin-open').click()
    const dialog = page.getByTestId('change-pin')
    const enter = async (pin: string, newPin: string, again = newPin) => {
      await dialog.getByTestId('pin').fill(pin)
      await dialog.getByTestId('newPin').fill(newPin)
      await dialog.getByTestId('newPinAgain').fill(again)
      await page.keyboard.press('Enter')
    }
    const said = () => dialog.getByTestId('entry-bad').textContent()
    await enter('111111', '2222', '3333')
    await eventually(said).toContain('不一致')
    await enter('111111', '111111')
    await eventually(said).toContain('与当前 PIN 相同')
    expect(workstation.callsOf('tokens.change-pin')).toEqual([])
    await enter('000000', '222222')
    await eventually(said).toContain('还可再试 5 次')
    await enter('111111', '2222')
    await eventually(said).toContain('6 至 16 位')
    expect(await page.locator('#change-pin-new-hint').textContent()).toContain('6 至 16 位')
    await enter('111111', '33333')
    await eventually(said).toContain('6 至 16 位')
    expect(workstation.callsOf('tokens.change-pin').length).toBe(2)
    await fits(page)
    await enter('111111', '222222')
    await page.getByTestId('change-pin-done').waitFor()
    expect(workstation.callsOf('tokens.change-pin').at(-1)?.args).toEqual({
      tokenId: 'slot-0',
      pin: '111111',
      newPin: '222222',
    })
    await page.keyboard.press('Enter')
    await eventually(() => page.getByTestId('change-pin-done').count()).toBe(0)
    expect(await page.content()).not.toContain('222222')
  })

  it('of a certificate file is changed by IT, as the dialog says', async () => {
    const file: Token = { id: 'file', kind: 'pkcs12', label: 'li.p12', certificates: [], pin: 'ok' }
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['tokens.list'] = () => [file]
    })
    await page.getByTestId('change-pin-open').click()
    await page.locator('[data-code=pin-change-unsupported]').waitFor()
    expect(await page.getByTestId('change-pin-submit').count()).toBe(0)
  })
})

describe.skipIf(noChromium)('the report on drivers', () => {
  const modules = TokenModule.shape.state.options.map((state, n) => ({
    label: `厂商 ${n}`,
    path: `C:\\drivers\\${n}.dll`,
    state,
  }))

  it('tells the state of each in words, and what to do', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['tokens.modules'] = () => ({ problem: null, modules })
    })
    await page.getByTestId('token-modules-open').click()
    await eventually(() => page.getByTestId('token-module').count()).toBe(modules.length)
    const texts = await page.getByTestId('token-module').allTextContents()
    expect(new Set(texts.map((text) => text.replace(/\d/g, ''))).size).toBe(modules.length)
    expect(texts.join()).toContain('文件校验不符')
    await fits(page)
  })

  it.each([
    ['policy-missing', '没有 USB Key 驱动清单'],
    ['policy-invalid', '清单有误'],
  ] as const)('says that there is none: %s', async (problem, said) => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['tokens.modules'] = () => ({ problem, modules: [] })
    })
    await page.getByTestId('token-modules-open').click()
    await eventually(() => page.getByTestId('token-modules').textContent()).toContain(said)
  })

  it('says that it could not be had', async () => {
    const { page } = await open(signedOut, (fake) => {
      fake.handlers['tokens.modules'] = () => fake.fail('token-driver-failed')
    })
    await page.getByTestId('token-modules-open').click()
    await eventually(() => page.getByTestId('entry-bad').textContent()).toContain('没有响应')
  })
})
