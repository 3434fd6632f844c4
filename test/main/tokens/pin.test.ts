import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createPkcs11Driver,
  createPkcs12Driver,
  forkHost,
  type TokenDriver,
} from '../../../src/main/tokens/index.ts'
import type { AllowedModule } from '../../../src/main/tokens/pkcs11/policy.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { allow, compileModule, compilerMissing } from './fake-module.ts'
import { makeKey, makeSoftHsm, type SoftHsm, softHsmMissing } from './softhsm.ts'

const drivers: TokenDriver[] = []
afterAll(async () => {
  await Promise.all(drivers.map((driver) => driver.close()))
})

function open(module: AllowedModule) {
  const driver = createPkcs11Driver({
    policy: { problem: null, allowed: [module], disabled: [] },
    spawn: () => forkHost(),
    clock: Date.now,
    onProblem: () => {},
  })
  drivers.push(driver)
  const token = async () => {
    const [first] = await driver.list()
    if (!first) throw new Error('no token')
    return first
  }
  const change = async (from: string, to: string) => {
    const request = { tokenId: (await token()).id, pin: Buffer.from(from), newPin: Buffer.from(to) }
    return driver.changePin(request).then(() => 'changed', failureOf)
  }
  const sign = async (pin: string) => {
    const request = {
      tokenId: (await token()).id,
      pin: Buffer.from(pin),
      statement: () => Buffer.from('statement'),
    }
    return driver.sign(request).then(({ algorithm }) => algorithm, failureOf)
  }
  return { driver, token, change, sign }
}

describe.skipIf(softHsmMissing)('changing the PIN, on SoftHSM2', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = makeSoftHsm()
    process.env.SOFTHSM2_CONF = hsm.conf
    hsm.addToken({ label: 'p256', pin: '123456', key: makeKey(temporary('keys'), 'p256', 'p256') })
  })
  afterAll(() => {
    delete process.env.SOFTHSM2_CONF
  })

  it('takes the new PIN from then on, and no longer the old one', async () => {
    const { change, sign } = open(allow(hsm.module, 'SoftHSM'))
    expect(await change('123456', '口令-7531')).toBe('changed')
    expect(await sign('123456')).toMatchObject({ code: 'pin-wrong' })
    expect(await sign('口令-7531')).toBe('ECDSA-SHA256')
    expect(await change('123456', '888888')).toMatchObject({ code: 'pin-wrong', facts: { pin: 'low' } })
    expect(await change('口令-7531', '1')).toEqual({
      code: 'pin-unacceptable',
      facts: { minLength: 4, maxLength: 255 },
    })
    expect(await change('口令-7531', '123456')).toBe('changed')
    expect(await sign('123456')).toBe('ECDSA-SHA256')
  })

  it('leaves no PIN in a file', async () => {
    const { change } = open(allow(hsm.module, 'SoftHSM'))
    expect(await change('123456', '97531864')).toBe('changed')
    for (const directory of hsm.tokenDirectories())
      for (const name of readdirSync(directory))
        expect(readFileSync(join(directory, name)).includes('97531864')).toBe(false)
    expect(await change('97531864', '123456')).toBe('changed')
  })
})

describe.skipIf(compilerMissing)('a token that counts its tries', () => {
  it('warns, warns of the last try, locks, and is shown no PIN after that', async () => {
    const { module, state } = compileModule('counting')
    const { sign, change, token } = open(module)
    const tries = () => readFileSync(join(state, 'tries'), 'utf8')
    expect((await token()).pin).toBe('ok')
    expect(await sign('000000')).toEqual({ code: 'pin-wrong', facts: { ckr: 0xa0, pin: 'low' } })
    expect((await token()).pin).toBe('low')
    expect(await change('000000', '111111')).toEqual({
      code: 'pin-wrong',
      facts: { ckr: 0xa0, pin: 'final-try', triesLeft: 1 },
    })
    expect((await token()).pin).toBe('final-try')
    // A new PIN that the token would not take costs no try.
    expect(await change('000000', '123')).toEqual({
      code: 'pin-unacceptable',
      facts: { minLength: 6, maxLength: 8 },
    })
    expect(tries()).toBe('1')
    expect(await sign('000000')).toMatchObject({ code: 'pin-locked' })
    expect((await token()).pin).toBe('locked')
    writeFileSync(join(state, 'tries'), '0')
    expect(await sign('123456')).toEqual({ code: 'pin-locked', facts: {} })
    expect(await change('123456', '111111')).toEqual({ code: 'pin-locked', facts: {} })
    rmSync(join(state, 'tries'))
    expect((await token()).pin).toBe('ok')
  })

  it('refuses a new PIN of characters it does not take, and keeps the old one', async () => {
    const { change } = open(compileModule('digits').module)
    expect(await change('123456', 'abcdef')).toEqual({
      code: 'pin-unacceptable',
      facts: { minLength: 6, maxLength: 8 },
    })
    expect(await change('123456', '654321')).toBe('changed')
    expect(await change('123456', '111111')).toMatchObject({ code: 'pin-wrong' })
  })

  it('lets an expired PIN be changed, and do nothing else', async () => {
    const { change, sign } = open(compileModule('expired', { EXPIRED: true }).module)
    expect(await sign('123456')).toMatchObject({ code: 'pin-locked' })
    expect(await change('123456', '654321')).toBe('changed')
    expect(await change('654321', '765432')).toBe('changed')
  })
})

describe('changing the PIN of a PKCS#12 file', () => {
  it('is not supported', async () => {
    const dir = temporary('medium')
    writeFileSync(join(dir, 'key.p12'), 'whatever')
    const driver = createPkcs12Driver({ directories: [dir], scanMounts: false, clock: Date.now })
    const [token] = await driver.list()
    const pins = () => ({ pin: Buffer.from('1234'), newPin: Buffer.from('5678') })
    expect(await driver.changePin({ tokenId: token?.id ?? '', ...pins() }).catch(failureOf)).toEqual({
      code: 'pin-change-unsupported',
      facts: {},
    })
    expect(await driver.changePin({ tokenId: 'p12:none', ...pins() }).catch(failureOf)).toEqual({
      code: 'token-absent',
      facts: {},
    })
    await driver.close()
  })
})
