import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { by } from '../gateway-directory.ts'
import type { Lane } from './backup-process.ts'
import { opened, openLive } from './open-live.ts'
import { expectWhole } from './whole.ts'

/**
 * A process that works on three gateways is killed: what is interrupted differs in each. With the faults of disk and network
 * (faults.test.ts) a hundred interruptions in all.
 */
const kills = 14
const gatewaysAtWork = 3

describe('whatever happens in the middle of it, no backup counted as good is bad and the gateway goes on', () => {
  it('its process is killed', { timeout: 280_000 }, async (context) => {
    const cleanups = opened(context.onTestFinished)
    const compiled = await mkdtemp(join(tmpdir(), 'vigil-compiled-'))
    cleanups.push(() => rm(compiled, { recursive: true, force: true }))
    let next = load(compiled)
    cleanups.push(async () => void next.child.kill('SIGKILL'))
    const live = await Promise.all(Array.from({ length: gatewaysAtWork }, () => openLive(cleanups)))
    const gateways = live.map(({ gateway }) => gateway)
    const lanes: Lane[] = gateways.map(({ dir, root }) => ({ dir, restoreTo: join(root, 'restored') }))
    const began = performance.now()
    await Promise.all(gateways.map(({ backups }) => backups.run('full', by)))
    /** However fast the machine is at the moment. */
    const backupMs = performance.now() - began

    const made: string[] = []
    let restored = 0
    for (let round = 1; round <= kills; round++) {
      const { child, said } = next
      await saying(next, 'loaded', 1)
      child.stdin?.write(`${JSON.stringify(lanes)}\n`)
      await saying(next, 'began', gatewaysAtWork)
      if (round < kills) next = load(compiled)
      await sleep(Math.random() * Math.min(2500, 2 * backupMs))
      await kill(child)
      for (const line of said) if (line.startsWith('made ')) made.push(line.slice(5))
      restored += said.filter((line) => line === 'restored').length
    }

    const counts = await Promise.all(
      live.map(async ({ gateway, live }) => {
        await live.stop()
        // A restore that was killed has left no directory of its name.
        for (const name of await readdir(gateway.root)) {
          if (!name.startsWith('restored-') || name.endsWith('.unfinished')) continue
          expect(existsSync(join(gateway.root, name, 'vigil.db'))).toBe(true)
        }
        const known = new Set((await gateway.backups.status()).backups.map(({ id }) => id))
        const own = made.filter((id) => known.has(id))
        return { good: await expectWhole(gateway, live, own), said: own.length }
      }),
    )
    const good = counts.reduce((sum, one) => sum + one.good, 0)
    // Each that was said to be made is one of some gateway.
    expect(counts.reduce((sum, { said }) => sum + said, 0)).toBe(made.length)
    const writes = live.flatMap(({ live }) => live.committed).length
    const longestMs = Math.max(...live.map(({ live }) => live.longestMs()))
    console.log(
      `${kills * gatewaysAtWork} interrupted by ${kills} kills: ${good} good backups, ${restored} restored; ` +
        `${writes} live writes, the longest ${Math.round(longestMs)} ms`,
    )
    expect(good).toBeGreaterThan(gatewaysAtWork)
  })
})

interface Loaded {
  child: ChildProcess
  said: string[]
}

/** What is compiled once is kept for the next: loading is the most of a short life. */
function load(compiled: string): Loaded {
  const script = fileURLToPath(new URL('backup-process.ts', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const said: string[] = []
  child.stdin?.on('error', () => {})
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  return { child, said }
}

async function saying({ child, said }: Loaded, what: string, times: number): Promise<void> {
  for (
    const end = Date.now() + 60_000;
    said.filter((line) => line === what).length < times;
    await sleep(10)
  ) {
    if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`)
    if (Date.now() > end) throw new Error(`the process did not say ${what}`)
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
