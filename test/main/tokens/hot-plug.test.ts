import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPkcs11Driver, forkHost, type TokenChange } from '../../../src/main/tokens/index.ts'
import { createMarks } from '../../../src/main/tokens/pkcs11/marks.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { allow } from './fake-module.ts'
import { makeKey, makeSoftHsm, type SoftHsm, softHsmMissing } from './softhsm.ts'

/** What the product promises. */
const noticedWithinMs = 1_500

/**
 * Several tokens at once, on SoftHSM2, which looks for tokens in C_Initialize only. A token's directory moved away is
 * the token taken out.
 */
describe.skipIf(softHsmMissing)('several tokens, put in and taken out', () => {
  let hsm: SoftHsm
  const directories = new Map<string, string>()
  const away = temporary('away')
  const takeOut = (label: string) => renameSync(directories.get(label) ?? '', join(away, label))
  const putIn = (label: string) => renameSync(join(away, label), directories.get(label) ?? '')
  const closing: (() => Promise<void>)[] = []

  beforeAll(() => {
    hsm = makeSoftHsm()
    process.env.SOFTHSM2_CONF = hsm.conf
    const keys = temporary('keys')
    for (const label of ['one', 'two']) {
      hsm.addToken({ label, pin: '123456', key: makeKey(keys, label, 'p256') })
      const known = [...directories.values()]
      directories.set(label, hsm.tokenDirectories().find((directory) => !known.includes(directory)) ?? '')
    }
  })
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()))
    delete process.env.SOFTHSM2_CONF
  })

  /** With the product's own poll time. */
  function open() {
    const problems: string[] = []
    const driver = createPkcs11Driver({
      policy: { problem: null, allowed: [allow(hsm.module, 'SoftHSM')], disabled: [] },
      spawn: () => forkHost(),
      clock: Date.now,
      onProblem: (problem) => problems.push(problem),
    })
    closing.push(() => driver.close())
    const changes: TokenChange[] = []
    const stop = driver.watch((change) => changes.push(change))
    const labels = () => (changes.at(-1)?.tokens ?? []).map(({ label }) => label).sort()
    const removed = () => changes.flatMap((change) => change.removed)
    const idOf = (label: string) =>
      changes.flatMap(({ tokens }) => tokens).find((token) => token.label === label)?.id ?? ''
    const sign = (label: string) => {
      const request = { tokenId: idOf(label), pin: Buffer.from('123456'), statement: () => Buffer.from('s') }
      return driver.sign(request).then(({ algorithm }) => algorithm, failureOf)
    }
    const within = (expected: string[]) =>
      expect.poll(labels, { timeout: noticedWithinMs, interval: 20 }).toEqual(expected)
    return { driver, changes, labels, removed, idOf, sign, within, stop, problems }
  }

  it('notices each within 1.5 s, and a token that stays in is never taken for removed', async () => {
    takeOut('two')
    const { driver, labels, removed, idOf, sign, within, stop, problems } = open()
    await expect.poll(labels, { timeout: 8_000 }).toEqual(['one'])
    // The second process may take longer to start the first time than one look later on.
    await expect.poll(() => driver.pids()[0]?.scout, { timeout: 8_000 }).toBeDefined()
    await driver.list()
    for (let round = 0; round < 2; round++) {
      putIn('two')
      await within(['one', 'two'])
      expect(await sign('two')).toBe('ECDSA-SHA256')
      expect(await sign('one')).toBe('ECDSA-SHA256')
      takeOut('two')
      await within(['one'])
      expect(await sign('two')).toEqual({ code: 'token-absent', facts: {} })
      expect(removed()).toEqual(Array(round + 1).fill(idOf('two')))
    }
    takeOut('one')
    await within([])
    expect(removed().at(-1)).toBe(idOf('one'))
    putIn('one')
    await within(['one'])
    putIn('two')
    await within(['one', 'two'])
    expect(problems).toEqual([])
    stop()
  })

  it('does not disturb a signature under way, nor take it for an absence', async () => {
    const { labels, removed, sign, stop } = open()
    await expect.poll(labels, { timeout: 8_000 }).toEqual(['one', 'two'])
    for (let round = 0; round < 5; round++) {
      const made = await Promise.all([sign('one'), sign('two'), sign('one')])
      expect(made).toEqual(Array(3).fill('ECDSA-SHA256'))
    }
    expect(removed()).toEqual([])
    stop()
  })
})

describe('insertion marks over a change of hosts', () => {
  const host = () => ({}) as Parameters<ReturnType<typeof createMarks>['read']>[0]
  const token = (insertion: number, id = 'a') => ({
    id,
    insertion,
    label: '',
    pin: 'ok' as const,
    certificates: [],
  })
  const start = () => {
    let now = 0
    const marks = createMarks(1_500, () => now)
    return { marks, wait: (ms: number) => (now += ms) }
  }

  it('stand as long as one host sees the same insertion', () => {
    const { marks, wait } = start()
    const one = host()
    const first = marks.read(one, [token(1)])
    wait(60_000)
    expect(marks.read(one, [token(1)])).toEqual(first)
    expect(marks.read(one, [token(2)])).not.toEqual(first)
  })

  it('change where the token was away at one look', () => {
    const { marks } = start()
    const one = host()
    const first = marks.read(one, [token(1)])
    marks.read(one, [])
    expect(marks.read(one, [token(1)])).not.toEqual(first)
  })

  it('are carried to a host that held the token while the first still did', () => {
    const { marks, wait } = start()
    const [one, two] = [host(), host()]
    const first = marks.read(one, [token(1)])
    wait(60_000)
    marks.handOver({ host: one, before: [token(1)] }, { host: two, after: [token(9), token(3, 'b')] })
    const [kept, added] = marks.read(two, [token(9), token(3, 'b')])
    expect([kept]).toEqual(first)
    expect(added).not.toBe(kept)
  })

  it('are not carried where the token was pulled between the two readings', () => {
    const { marks } = start()
    const [one, two] = [host(), host()]
    const first = marks.read(one, [token(1)])
    marks.handOver({ host: one, before: [token(2)] }, { host: two, after: [token(9)] })
    expect(marks.read(two, [token(9)])).not.toEqual(first)
  })

  it('outlive a crash for as long as nobody could have pulled the token unseen', () => {
    const { marks, wait } = start()
    const first = marks.read(host(), [token(1)])
    wait(1_400)
    expect(marks.read(host(), [token(7)])).toEqual(first)
    wait(1_600)
    expect(marks.read(host(), [token(7)])).not.toEqual(first)
  })
})
