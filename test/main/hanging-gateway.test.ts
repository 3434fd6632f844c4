import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from './desk.ts'

/** A gateway whose process stands still: the kernel still takes connections for it, and nothing ever answers. */

const study = '1.2.826.0.1.3680043.8.498.1'
const patience = { callMs: 1_500, silenceMs: 2_000 }
let child: ChildProcess | null = null
let desk: Desk | null = null

afterEach(async () => {
  child?.kill('SIGCONT')
  await desk?.close()
  const gone = new Promise((resolve) => child?.once('exit', resolve))
  child?.kill('SIGTERM')
  await gone
})

async function signedIn(): Promise<{ at: Desk; hang(): void; goOn(): void }> {
  const file = join(import.meta.dirname, 'gateway-process.ts')
  const started = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  child = started
  const [line] = (await new Promise((resolve) =>
    createInterface({ input: started.stdout }).once('line', (text) => resolve([text])),
  )) as [string]
  const { ticket, key } = JSON.parse(line) as { ticket: string; key: string }
  const at = await openDesk({ patience })
  desk = at
  await at.enrol(ticket)
  writeFileSync(join(at.media, 'zhang.p12'), Buffer.from(key, 'base64'))
  expect(await at.signIn('zhang')).toMatchObject({ ok: true })
  return { at, hang: () => void started.kill('SIGSTOP'), goOn: () => void started.kill('SIGCONT') }
}

describe.skipIf(process.platform === 'win32')('a gateway that hangs', () => {
  const reachable = ({ shell }: Desk) => shell.events.findLast((event) => event.kind === 'gateway')

  it('is told of, holds nothing up, loses no text, and is found again', async () => {
    const { at, hang, goOn } = await signedIn()
    await at.value('report.open', { study })
    await expect.poll(() => reachable(at)).toEqual({ kind: 'gateway', reachable: true })
    hang()
    const began = performance.now()
    const text = { findings: '左侧额叶见高密度影', impression: '' }
    // More calls than there are connections: none of them may wait for its turn for ever.
    const calls = Array.from({ length: 12 }, () => at.ask('report.prepare-sign-off', { study, text }))
    await at.value('report.save-draft', { study, text })
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject({ failure: { code: 'gateway-unreachable' } })
    }
    expect(performance.now() - began).toBeLessThan(patience.callMs + 1_500)
    await expect
      .poll(() => reachable(at), { timeout: patience.silenceMs + 1_500 })
      .toEqual({ kind: 'gateway', reachable: false })
    expect(at.shell.events.findLast((event) => event.kind === 'draft')).toMatchObject({ state: 'local' })
    await at.value('workstation.lock')
    expect(at.shell.lastState()).toMatchObject({ phase: 'locked' })

    goOn()
    await expect.poll(() => reachable(at), { timeout: 8_000 }).toEqual({ kind: 'gateway', reachable: true })
    expect(await at.unlock('zhang')).toMatchObject({ ok: true })
    await expect
      .poll(() => at.shell.events.findLast((event) => event.kind === 'draft'), { timeout: 8_000 })
      .toMatchObject({ state: 'gateway' })
  }, 40_000)

  it('lets the user sign out, and refuses the next sign-in by its code', async () => {
    const { at, hang } = await signedIn()
    hang()
    await at.value('session.sign-out')
    expect(at.shell.lastState()).toEqual({ phase: 'signed-out', ended: null })
    expect(await at.signIn('zhang')).toMatchObject({ failure: { code: 'gateway-unreachable' } })
  }, 40_000)
})
