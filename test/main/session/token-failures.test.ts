import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../../src/main/log.ts'
import { openTokenFailures } from '../../../src/main/session/index.ts'
import { type TokenFailure, TokenFailures } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'

/** A gateway that answers when it is told to. */
function gateway() {
  const asked: TokenFailure[][] = []
  const answers: PromiseWithResolvers<void>[] = []
  const state: { down: boolean; held: boolean } = { down: false, held: false }
  return {
    asked,
    answers,
    state,
    async report(failures: TokenFailure[]) {
      TokenFailures.parse({ failures })
      if (state.down) throw new VigilError('gateway-unreachable')
      asked.push(failures)
      if (!state.held) return
      const answer = Promise.withResolvers<void>()
      answers.push(answer)
      await answer.promise
    },
  }
}

function open(at: ReturnType<typeof gateway>, dataDir: string, clock = () => 1_790_000_000_000) {
  return openTokenFailures({ dataDir, clock, log: openLog(dataDir), report: at.report })
}
const failing = (code: ConstructorParameters<typeof VigilError>[0]) => async () => {
  throw new VigilError(code)
}

describe('token failures', () => {
  it('change nothing for the caller, who does not wait for the gateway', async () => {
    const at = gateway()
    at.state.held = true
    const failures = await open(at, temporary('failures'))
    const thrown = new VigilError('pin-wrong', { triesLeft: 2 })
    await expect(failures.noted('unlock', () => Promise.reject(thrown))).rejects.toBe(thrown)
    expect(at.answers).toHaveLength(1)
    expect(at.asked[0]).toEqual([{ code: 'pin-wrong', purpose: 'unlock', at: 1_790_000_000_000 }])
    expect(await failures.noted('sign-in', async () => 7)).toBe(7)
    at.answers[0]?.resolve()
    await failures.close()
  })

  it('are only those that the gateway does not know of', async () => {
    const at = gateway()
    const failures = await open(at, temporary('failures'))
    for (const code of ['account-unknown', 'conflict', 'session-locked'] as const) {
      await expect(failures.noted('sign-in', failing(code))).rejects.toThrow(code)
    }
    await expect(failures.noted('sign-in', () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    await failures.close()
    expect(at.asked).toEqual([])
  })

  it('wait on the disk for the gateway, over a restart, and are gone once it has them', async () => {
    const at = gateway()
    at.state.down = true
    const dataDir = temporary('failures')
    const file = join(dataDir, 'token-failures.json')
    const first = await open(at, dataDir)
    const thrown = new VigilError('pin-wrong', { triesLeft: 2, label: '张三的钥匙' })
    await expect(first.noted('sign-in', () => Promise.reject(thrown))).rejects.toBe(thrown)
    await expect(first.noted('sign-off', failing('token-absent'))).rejects.toThrow()
    await first.close()
    // Nothing of the error but its code.
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { code: 'pin-wrong', purpose: 'sign-in', at: 1_790_000_000_000 },
      { code: 'token-absent', purpose: 'sign-off', at: 1_790_000_000_000 },
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)

    at.state.down = false
    const second = await open(at, dataDir)
    expect(at.asked).toEqual([])
    second.flush()
    await second.close()
    expect(at.asked.flat().map(({ code, purpose }) => `${purpose} ${code}`)).toEqual([
      'sign-in pin-wrong',
      'sign-off token-absent',
    ])
    expect(existsSync(file)).toBe(false)
  })

  it('that come up during a report go with the next, none twice', async () => {
    const at = gateway()
    at.state.held = true
    const failures = await open(at, temporary('failures'))
    await expect(failures.noted('sign-in', failing('pin-wrong'))).rejects.toThrow()
    await expect(failures.noted('sign-in', failing('pin-locked'))).rejects.toThrow()
    failures.flush()
    expect(at.asked).toHaveLength(1)
    at.state.held = false
    at.answers[0]?.resolve()
    await failures.close()
    expect(at.asked.map((batch) => batch.map(({ code }) => code))).toEqual([['pin-wrong'], ['pin-locked']])
  })

  it('are at most fifty, the newest', async () => {
    const at = gateway()
    at.state.down = true
    const dataDir = temporary('failures')
    let now = 0
    const failures = await open(at, dataDir, () => ++now)
    for (let i = 0; i < 60; i += 1)
      await expect(failures.noted('sign-in', failing('pin-wrong'))).rejects.toThrow()
    await failures.close()
    at.state.down = false
    const again = await open(at, dataDir)
    again.flush()
    await again.close()
    expect(at.asked.map((batch) => batch.map((failure) => failure.at))).toEqual([
      Array.from({ length: 50 }, (_, index) => index + 11),
    ])
  })

  it.each([
    ['not JSON', '{"'],
    ['something else', '[{"code":"pin-wrong"}]'],
    ['too many', JSON.stringify(Array(51).fill({ code: 'pin-wrong', purpose: 'unlock', at: 1 }))],
  ])('start anew where the file is %s', async (_name, content) => {
    const at = gateway()
    const dataDir = temporary('failures')
    writeFileSync(join(dataDir, 'token-failures.json'), content)
    const failures = await open(at, dataDir)
    failures.flush()
    await expect(failures.noted('sign-in', failing('pin-wrong'))).rejects.toThrow()
    await failures.close()
    expect(at.asked.flat()).toHaveLength(1)
    expect(readFileSync(join(dataDir, 'workstation.log'), 'utf8')).toContain('token-failures-file')
  })
})
