import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createPkcs11Driver, forkHost, type TokenChange } from '../../../src/main/tokens/index.ts'
import type { AllowedModule } from '../../../src/main/tokens/pkcs11/policy.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'
import { allow, compileModule, compilerMissing } from './fake-module.ts'

/** Vendor libraries that misbehave, each compiled here; a good one stands beside them and must not notice. */
describe.skipIf(compilerMissing)('a vendor library that misbehaves', () => {
  let good: AllowedModule
  const drivers: { close(): Promise<void> }[] = []
  beforeAll(() => {
    good = compileModule('good').module
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
  })

  function open(
    modules: AllowedModule[],
    more: { mostGrowth?: number; restMs?: number; pollMs?: number } = {},
  ) {
    const problems: string[] = []
    const driver = createPkcs11Driver({
      policy: { problem: null, allowed: modules, disabled: [] },
      spawn: () => forkHost(),
      clock: Date.now,
      // Long enough for a busy machine to start a process in, short enough to wait for.
      limits: { startMs: 4_000, listMs: 2_000, signMs: 2_000 },
      pollMs: 100,
      onProblem: (problem, label) => problems.push(`${label} ${problem}`),
      ...more,
    })
    drivers.push(driver)
    const labels = async () => (await driver.list()).map(({ label }) => label).sort()
    const states = async () =>
      Object.fromEntries((await driver.modules()).modules.map(({ label, state }) => [label, state]))
    const tokenId = async (wanted: string) => {
      const token = (await driver.list()).find(({ label }) => label === wanted)
      if (!token) throw new Error(`no token ${wanted}`)
      return token.id
    }
    return { driver, problems, labels, states, tokenId }
  }
  const statement = () => Buffer.from('statement')
  const pin = () => Buffer.from('123456')

  it('is reported as loaded, missing, changed, or of another architecture, and not handed to a host', async () => {
    const dir = temporary('modules')
    const changed = join(dir, 'changed.so')
    copyFileSync(good.path, changed)
    const allowed = allow(changed, 'changed')
    writeFileSync(changed, 'other bytes')
    const foreign = join(dir, 'foreign.dll')
    writeFileSync(foreign, 'MZ')
    const missing = { ...good, path: join(dir, 'none.so'), label: 'missing' }
    const { driver, states, labels, problems } = open([good, missing, allowed, allow(foreign, 'foreign')])
    expect(await states()).toEqual({
      good: 'loaded',
      missing: 'missing',
      changed: 'wrong-hash',
      foreign: 'wrong-architecture',
    })
    expect(await labels()).toEqual(['good'])
    expect(driver.pids().map(({ holder }) => holder !== undefined)).toEqual([true, false, false, false])
    expect(problems.sort()).toEqual(['changed wrong-hash', 'foreign wrong-architecture', 'missing missing'])
  })

  it('is loaded once its file is there', async () => {
    const path = join(temporary('modules'), 'late.so')
    const { states, labels } = open([{ ...good, path, label: 'late' }], { restMs: 200 })
    expect(await states()).toEqual({ late: 'missing' })
    copyFileSync(good.path, path)
    await expect.poll(labels, { timeout: 8_000 }).toEqual(['good'])
    expect(await states()).toEqual({ late: 'loaded' })
  })

  it('refuses to be initialised: failed, and the others go on', async () => {
    const { states, labels } = open([compileModule('refusing', { INIT_FAILS: true }).module, good])
    await expect.poll(labels, { timeout: 8_000 }).toEqual(['good'])
    await labels()
    expect(await states()).toEqual({ refusing: 'failed', good: 'loaded' })
  })

  it('hangs in C_Initialize: the others are there meanwhile, and it is left out', async () => {
    const { driver, states, labels, problems } = open([
      compileModule('hung', { INIT_HANGS: true }).module,
      good,
    ])
    const began = Date.now()
    expect(await labels()).toEqual(['good'])
    expect(Date.now() - began).toBeLessThan(4_000)
    expect(await states()).toEqual({ hung: 'failed', good: 'loaded' })
    const stop = driver.watch(() => {})
    await expect.poll(() => problems, { timeout: 20_000 }).toContain('hung failed')
    stop()
    expect(problems.filter((problem) => problem.startsWith('good'))).toEqual([])
    // Left out: asking for the tokens waits for it no longer.
    const again = Date.now()
    expect(await labels()).toEqual(['good'])
    expect(Date.now() - again).toBeLessThan(1_000)
  })

  it('hangs in C_GetSlotList now and then: it is started anew, and its token is there again', async () => {
    const { labels, problems, states } = open([compileModule('hanging', { LIST_HANGS_AT: 3 }).module, good])
    for (let look = 0; look < 4; look++) {
      await expect.poll(labels, { timeout: 8_000 }).toEqual(['good', 'hanging'])
    }
    expect(problems).toContain('hanging host-stopped')
    expect(await states()).toEqual({ hanging: 'loaded', good: 'loaded' })
  })

  it('crashes at each look: it is left out', async () => {
    const { labels, states, problems } = open([
      compileModule('crashing', { LIST_CRASHES_AT: 1 }).module,
      good,
    ])
    await labels()
    expect(await labels()).toEqual(['good'])
    expect(await states()).toEqual({ crashing: 'failed', good: 'loaded' })
    expect(problems).toEqual([
      'crashing host-stopped',
      'crashing host-stopped',
      'crashing host-stopped',
      'crashing failed',
    ])
  })

  it('blocks in C_WaitForSlotEvent although told not to: it is used without', async () => {
    const { labels, states } = open([compileModule('blocking', { WAIT_HANGS: true }).module])
    expect(await labels()).toEqual(['blocking'])
    for (let look = 0; look < 3; look++) await labels()
    expect(await states()).toEqual({ blocking: 'loaded' })
  })

  it.each(['SIGN_CRASHES', 'SIGN_HANGS'])(
    '%s: the signature fails by its code, the product goes on',
    async (how) => {
      const { driver, tokenId, labels, problems } = open([compileModule('bad', { [how]: true }).module, good])
      const id = await tokenId('bad')
      const failed = await driver.sign({ tokenId: id, pin: pin(), statement }).catch(failureOf)
      expect(failed).toEqual({ code: 'token-driver-failed', facts: { reason: 'stopped' } })
      expect(problems).toContain('bad host-stopped')
      await expect.poll(labels, { timeout: 8_000 }).toEqual(['bad', 'good'])
      expect(await tokenId('bad')).toBe(id)
    },
  )

  // A machine too busy to start a process within 1.5 s has to count the key as taken out: that is the rule, so it may try again.
  it('a crash while signing does not look as if the key had been taken out', { retry: 3 }, async () => {
    const { driver, tokenId } = open([compileModule('bad', { SIGN_CRASHES: true }).module])
    const changes: TokenChange[] = []
    const stop = driver.watch((change) => changes.push(change))
    await expect.poll(() => changes.length).toBe(1)
    const request = { tokenId: await tokenId('bad'), pin: pin(), statement }
    await driver.sign(request).catch(() => {})
    await driver.list()
    await new Promise((resolve) => setTimeout(resolve, 300))
    stop()
    expect(changes.flatMap(({ removed }) => removed)).toEqual([])
  })

  it('makes a signature that does not hold: it is not passed on', async () => {
    const { driver, tokenId } = open([good])
    const failed = await driver
      .sign({ tokenId: await tokenId('good'), pin: pin(), statement })
      .catch(failureOf)
    expect(failed).toEqual({ code: 'token-driver-failed', facts: { reason: 'signature' } })
  })

  it('leaks: its host is replaced, and its token was there all the time', async () => {
    const leaking = compileModule('leaking', { LEAK_MIB: 8 }).module
    const { driver, problems, tokenId } = open([leaking], { mostGrowth: 40 * 1024 * 1024 })
    const id = await tokenId('leaking')
    const first = driver.pids()[0]?.holder
    const changes: TokenChange[] = []
    const stop = driver.watch((change) => changes.push(change))
    await expect
      .poll(() => problems.filter((problem) => problem === 'leaking host-recycled').length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(1)
    stop()
    expect(driver.pids()[0]?.holder).not.toBe(first)
    expect(await tokenId('leaking')).toBe(id)
    expect(changes.flatMap(({ removed }) => removed)).toEqual([])
    expect(problems.every((problem) => problem === 'leaking host-recycled')).toBe(true)
  })
})
