import { readFileSync, renameSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPkcs11Driver, forkHost, readPolicy, type TokenChange } from '../../../src/main/tokens/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { makeKey, makeSoftHsm, type SoftHsm, softHsmMissing } from './softhsm.ts'

const statement = new TextEncoder().encode('vigil/test: the bytes that the token signs')

describe.skipIf(softHsmMissing)('PKCS#11 tokens, on SoftHSM2', () => {
  let hsm: SoftHsm
  const problems: string[] = []
  const drivers: { close(): Promise<void> }[] = []

  async function open(limits = { startMs: 15_000, listMs: 5_000, signMs: 30_000 }) {
    const policy = await readPolicy(hsm.policyFile)
    const driver = createPkcs11Driver({
      policy,
      spawn: () => forkHost(),
      clock: Date.now,
      limits,
      pollMs: 100,
      onProblem: (problem) => problems.push(problem),
    })
    drivers.push(driver)
    return driver
  }

  beforeAll(() => {
    hsm = makeSoftHsm()
    process.env.SOFTHSM2_CONF = hsm.conf
    const keys = temporary('keys')
    hsm.addToken({ label: 'rsa', pin: '123456', key: makeKey(keys, 'rsa', 'rsa') })
    hsm.addToken({ label: 'p256', pin: '223456', key: makeKey(keys, 'p256', 'p256') })
    hsm.addToken({ label: 'p384', pin: '323456', key: makeKey(keys, 'p384', 'p384') })
  })
  afterAll(async () => {
    await Promise.all(drivers.map((driver) => driver.close()))
    delete process.env.SOFTHSM2_CONF
  })

  const tokenNamed = async (driver: Awaited<ReturnType<typeof open>>, label: string) => {
    const token = (await driver.list()).find((candidate) => candidate.label === label)
    if (!token) throw new Error(`no token ${label}`)
    return token
  }

  it('lists each token with its certificate, fit for sign-in', async () => {
    const tokens = await (await open()).list()
    expect(tokens.map(({ label }) => label).sort()).toEqual(['p256', 'p384', 'rsa'])
    for (const token of tokens) {
      expect(token.certificates).toHaveLength(1)
      expect(token.certificates[0]).toMatchObject({ unfit: null, subject: `CN=张三 ${token.label}` })
    }
  })

  it.each([
    ['rsa', '123456', 'RSA-PSS-SHA256'],
    ['p256', '223456', 'ECDSA-SHA256'],
    ['p384', '323456', 'ECDSA-SHA384'],
  ])('signs with %s, twice, each time with the PIN', async (label, pin, algorithm) => {
    const driver = await open()
    const token = await tokenNamed(driver, label)
    for (let round = 0; round < 2; round++) {
      // The driver checks each signature under the certificate itself (node:crypto, not SoftHSM).
      const made = await driver.sign({ tokenId: token.id, pin: Buffer.from(pin), statement: () => statement })
      expect(made.algorithm).toBe(algorithm)
      expect(made.certificates).toHaveLength(1)
    }
  })

  it('gives the statement the certificate that signs', async () => {
    const driver = await open()
    const token = await tokenNamed(driver, 'p256')
    let given: Uint8Array | undefined
    const made = await driver.sign({
      tokenId: token.id,
      pin: Buffer.from('223456'),
      statement: (certificate) => {
        given = certificate
        return statement
      },
    })
    expect(Buffer.from(given ?? []).equals(made.certificates[0] ?? Buffer.alloc(0))).toBe(true)
  })

  it('tells a wrong PIN, that tries are running low, and stays usable', async () => {
    const driver = await open()
    const token = await tokenNamed(driver, 'rsa')
    const wrong = await driver
      .sign({ tokenId: token.id, pin: Buffer.from('999999'), statement: () => statement })
      .catch(failureOf)
    expect(wrong).toMatchObject({ code: 'pin-wrong', facts: { pin: 'low' } })
    expect(await tokenNamed(driver, 'rsa')).toMatchObject({ pin: 'low' })
    const made = await driver.sign({
      tokenId: token.id,
      pin: Buffer.from('123456'),
      statement: () => statement,
    })
    expect(made.signature.length).toBe(256)
    expect(await tokenNamed(driver, 'rsa')).toMatchObject({ pin: 'ok' })
  })

  it('refuses an unknown token and an unknown certificate', async () => {
    const driver = await open()
    const token = await tokenNamed(driver, 'rsa')
    const pin = Buffer.from('123456')
    expect(
      await driver.sign({ tokenId: 'p11:none', pin, statement: () => statement }).catch(failureOf),
    ).toEqual({
      code: 'token-absent',
      facts: {},
    })
    const other = { tokenId: token.id, certificateId: 'none', pin, statement: () => statement }
    expect(await driver.sign(other).catch(failureOf)).toMatchObject({ code: 'token-changed' })
  })

  it('kills a host that hangs, reports it, and works again', async () => {
    const driver = await open({ startMs: 15_000, listMs: 1_500, signMs: 1_500 })
    const token = await tokenNamed(driver, 'p256')
    const first = driver.pids()[0]?.holder
    process.kill(first ?? 0, 'SIGSTOP')
    const before = problems.length
    const tokens = await driver.list()
    expect(tokens).toHaveLength(3)
    expect(driver.pids()[0]?.holder).not.toBe(first)
    expect(problems.slice(before)).toContain('host-stopped')
    // Hung in the middle of a signature: that call fails by its code, the next one works.
    const second = driver.pids()[0]?.holder ?? 0
    const hung = driver
      .sign({
        tokenId: token.id,
        pin: Buffer.from('223456'),
        statement: () => {
          process.kill(second, 'SIGSTOP')
          return statement
        },
      })
      .catch(failureOf)
    expect(await hung).toMatchObject({ code: 'token-driver-failed' })
    const made = await driver.sign({
      tokenId: token.id,
      pin: Buffer.from('223456'),
      statement: () => statement,
    })
    expect(made.algorithm).toBe('ECDSA-SHA256')
  })

  it('notices that a token is taken out and put back', async () => {
    const driver = await open()
    const token = await tokenNamed(driver, 'rsa')
    const changes: TokenChange[] = []
    const seen = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    const back = Promise.withResolvers<void>()
    const stop = driver.watch((change) => {
      changes.push(change)
      const present = change.tokens.some(({ id }) => id === token.id)
      if (present && changes.length === 1) seen.resolve()
      if (change.removed.includes(token.id)) gone.resolve()
      if (present && changes.length > 1) back.resolve()
    })
    await seen.promise
    const away = temporary('away')
    const moved = hsm.tokenDirectories().map((from, index) => ({ from, to: `${away}/${index}` }))
    for (const { from, to } of moved) renameSync(from, to)
    await gone.promise
    for (const { from, to } of moved) renameSync(to, from)
    await back.promise
    stop()
    expect(changes.at(-1)?.tokens).toHaveLength(3)
  })

  it('dumps no memory of a host, and leaves none behind after close', async () => {
    const driver = await open()
    const scout = async () => {
      await driver.list()
      return driver.pids()[0]?.scout
    }
    await expect.poll(scout, { timeout: 5_000 }).toBeDefined()
    const pids = Object.values(driver.pids()[0] ?? {}).map(Number)
    expect(pids).toHaveLength(2)
    for (const pid of pids)
      expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m)
    await driver.close()
    await expect.poll(() => pids.some(isRunning)).toBe(false)
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
