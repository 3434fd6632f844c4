import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createPkcs11Driver,
  forkHost,
  type TokenChange,
  type TokenDriver,
} from '../../../src/main/tokens/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { allow } from './fake-module.ts'
import { makeKey } from './softhsm.ts'
import { openScModule, startVirtualCard, type VirtualCard, virtualReaderMissing } from './virtual-card.ts'

/** A card in a PC/SC reader, through OpenSC: what a USB key is to the operating system. */
describe.skipIf(virtualReaderMissing).each([
  ['p256', 'ECDSA-SHA256'],
  ['rsa', 'RSA-PSS-SHA256'],
] as const)('a card with a key %s in a PC/SC reader', (keyType, algorithm) => {
  let card: VirtualCard
  let driver: TokenDriver & { pids(): { scout: number | undefined }[] }
  let changes: TokenChange[] = []

  beforeAll(async () => {
    card = await startVirtualCard(makeKey(temporary('card-key'), 'piv', keyType), '123456')
    Object.assign(process.env, card.env)
  })
  afterEach(async () => {
    card.pull()
    await driver.close()
  })
  afterAll(async () => {
    await card.stop()
    for (const name of Object.keys(card.env)) delete process.env[name]
  })

  function open(pollMs?: number) {
    driver = createPkcs11Driver({
      policy: { problem: null, allowed: [allow(openScModule, 'OpenSC')], disabled: [] },
      spawn: () => forkHost(),
      clock: Date.now,
      onProblem: () => {},
      ...(pollMs ? { pollMs } : {}),
    })
    changes = []
    driver.watch((change) => changes.push(change))
  }
  const present = () => (changes.at(-1)?.tokens ?? []).map(({ label }) => label)
  const removed = () => changes.flatMap((change) => change.removed)
  const inserted = async () => {
    card.insert()
    await expect.poll(present, { timeout: 10_000 }).toEqual(['张三 piv'])
    const id = changes.at(-1)?.tokens[0]?.id ?? ''
    const sign = (pin: string) =>
      driver
        .sign({ tokenId: id, pin: Buffer.from(pin), statement: () => Buffer.from('statement') })
        .then((made) => made.algorithm, failureOf)
    const change = (from: string, to: string) =>
      driver
        .changePin({ tokenId: id, pin: Buffer.from(from), newPin: Buffer.from(to) })
        .then(() => 'changed', failureOf)
    return { id, sign, change }
  }

  it('signs, and is noticed within 1.5 s when pulled and when put in', async () => {
    open()
    const { id, sign } = await inserted()
    expect(changes.at(-1)?.tokens[0]).toMatchObject({ certificates: [{ unfit: null }], pin: 'ok' })
    expect(await sign('123456')).toBe(algorithm)
    expect(await sign('123456')).toBe(algorithm)
    for (let round = 1; round <= 2; round++) {
      card.pull()
      await expect.poll(removed, { timeout: 1_500, interval: 20 }).toHaveLength(round)
      expect(present()).toEqual([])
      expect(await sign('123456')).toEqual({ code: 'token-absent', facts: {} })
      const put = performance.now()
      card.insert()
      await expect.poll(present, { timeout: 8_000, interval: 20 }).toEqual(['张三 piv'])
      // The reader itself takes up to 0.4 s to notice, and OpenSC reads the whole card before it shows it.
      expect(performance.now() - put).toBeLessThan(2_500)
      expect(await sign('123456')).toBe(algorithm)
    }
    expect(removed()).toEqual([id, id])
    // The library sees insertions by itself: nobody else looks at the card any longer.
    expect(driver.pids()[0]?.scout).toBeUndefined()
  })

  it('counts as taken out when it is pulled and put in again between two looks', async () => {
    open(2_500)
    const { id } = await inserted()
    card.pull()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    card.insert()
    await expect.poll(removed, { timeout: 6_000 }).toEqual([id])
    expect(present()).toEqual(['张三 piv'])
  })

  it('tells a wrong PIN, takes another one, and locks at last', async () => {
    open()
    const { sign, change } = await inserted()
    expect(await sign('999999')).toMatchObject({ code: 'pin-wrong' })
    expect(await sign('123456')).toBe(algorithm)
    expect(await change('999999', '654321')).toMatchObject({ code: 'pin-wrong' })
    expect(await change('123456', '654321')).toBe('changed')
    expect(await sign('123456')).toMatchObject({ code: 'pin-wrong' })
    expect(await sign('654321')).toBe(algorithm)
    for (let guess = 0; guess < 2; guess++) expect(await sign('999999')).toMatchObject({ code: 'pin-wrong' })
    await sign('999999')
    expect(await sign('654321')).toMatchObject({ code: 'pin-locked' })
    expect((await driver.list())[0]?.pin).toBe('locked')
  })
})
