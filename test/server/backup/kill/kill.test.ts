import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { by } from '../gateway-directory.ts'
import { opened, openLive } from './open-live.ts'
import { expectWhole } from './whole.ts'

/** In each of three lanes; with the faults of disk and network (faults.test.ts) a hundred in all. */
const kills = 14

describe('whatever happens in the middle of it, no backup counted as good is bad and the gateway goes on', () => {
  it.concurrent.for([1, 2, 3])('its process is killed (%i)', { timeout: 280_000 }, async (_, context) => {
    const { gateway, live } = await openLive(opened(context.onTestFinished))
    const began = performance.now()
    await gateway.backups.run('full', by)
    /** However fast the machine is at the moment. */
    const backupMs = performance.now() - began
    const made: string[] = []
    let restored = 0
    let next = load()
    const restoreTo = join(gateway.root, 'restored')
    for (let round = 1; round <= kills; round++) {
      const { child, said } = next
      await saying(next, 'loaded')
      child.stdin?.write(`${JSON.stringify({ dir: gateway.dir, restoreTo })}\n`)
      await saying(next, 'began')
      if (round < kills) next = load()
      await sleep(Math.random() * Math.min(3000, 3 * backupMs))
      await kill(child)
      for (const line of said) if (line.startsWith('made ')) made.push(line.slice(5))
      restored += said.filter((line) => line === 'restored').length
    }
    await live.stop()
    // A restore that was killed has left no directory of its name.
    for (const name of await readdir(gateway.root)) {
      if (!name.startsWith('restored-') || name.endsWith('.unfinished')) continue
      expect(existsSync(join(gateway.root, name, 'vigil.db'))).toBe(true)
    }
    const good = await expectWhole(gateway, live, made)
    console.log(
      `${kills} kills: ${made.length} backups said made, ${good} good, ${restored} restored; ` +
        `${live.committed.length} live writes, the longest ${Math.round(live.longestMs())} ms`,
    )
    expect(good).toBeGreaterThan(1)
  })
})

interface Loaded {
  child: ChildProcess
  said: string[]
}

function load(): Loaded {
  const script = fileURLToPath(new URL('backup-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdin?.on('error', () => {})
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  return { child, said }
}

async function saying({ child, said }: Loaded, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !said.includes(what); await sleep(10)) {
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
