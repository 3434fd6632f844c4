import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Round } from './rules.ts'

/** Longest that a process may take to load, or to open its data: a machine under load, not a dead one. */
const patienceMs = 60_000

/** A gateway process that has loaded its code and waits to be told what to open. */
interface Loaded {
  child: ChildProcess
  said: string[]
  /** Resolves once that many lines were said; rejects where the process ended by itself. */
  saying(lines: number): Promise<void>
}

/**
 * Runs so many gateways one after another on the same data and kills each with SIGKILL at a random moment: on its way to
 * its first, second … answered sign-off or shortly after, whatever the speed of the machine. The next one's code is loaded
 * meanwhile. @returns what all of them had answered.
 */
export async function killEach(kills: number, round: Omit<Round, 'first'>): Promise<string[]> {
  const said: string[] = []
  let next = load()
  try {
    for (let i = 0; i < kills; i++) {
      const gateway = next
      await gateway.saying(1)
      if (i < kills - 1) next = load()
      gateway.child.stdin?.write(`${JSON.stringify({ ...round, first: (i + 1) * 10_000 })}\n`)
      await gateway.saying(2 + randomInt(0, 6))
      await sleep(randomInt(0, 60))
      await kill(gateway.child)
      said.push(...gateway.said.slice(2))
    }
  } finally {
    await kill(next.child)
  }
  return said
}

function load(): Loaded {
  const script = fileURLToPath(new URL('signing-gateway.ts', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: string[] = []
  let look = () => {}
  let failed: Error | null = null
  child.once('exit', (code, signal) => {
    if (signal !== 'SIGKILL') failed = new Error(`the gateway process ended by itself with ${code}`)
    look()
  })
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line)
    look()
  })
  return {
    child,
    said,
    saying: (lines) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`said ${said.length} lines of ${lines}`)), patienceMs)
        look = () => {
          if (failed) reject(failed)
          else if (said.length >= lines) resolve()
          else return
          clearTimeout(late)
        }
        look()
      }),
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
