import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** An answer as python3-hl7 read it. */
const Answer = z.object({
  type: z.string(),
  code: z.string(),
  controlId: z.string(),
  error: z.array(z.object({ place: z.string(), code: z.string(), text: z.string() })),
  text: z.string(),
})
export type Answer = z.infer<typeof Answer>
const Line = z.union([z.object({ answers: z.array(Answer) }), z.object({ error: z.string() })])

export interface Hl7Sender {
  /** On one connection, one after another. @throws Error with the Python exception's name. */
  send(...messages: (Buffer | string)[]): Promise<Answer[]>
  /** Bytes as they are, on a connection of their own; no answer where the other side ends it without one. */
  raw(bytes: Buffer, waitSeconds?: number): Promise<Answer[]>
  stop(): Promise<void>
}

/** The system's interpreter first, for which Debian's python3-hl7 is installed; another one on the path may not have it. */
const python = ['/usr/bin/python3', 'python3'].find(
  (interpreter) => spawnSync(interpreter, ['-c', 'import hl7']).status === 0,
)

/** Why the sender cannot run here, or null. */
export const senderSkipReason: string | null = python ? null : 'no Python with the hl7 package (python3-hl7)'

/** A process that sends HL7 as somebody else wrote it. `ca`, `cert` and `key` are PEM files, for TLS. */
export function startHl7Sender(options: {
  port: number
  host?: string
  encoding?: 'utf-8' | 'gb18030'
  ca?: string
  cert?: string
  key?: string
}): Hl7Sender {
  if (!python) throw new Error(senderSkipReason ?? '')
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const script = fileURLToPath(new URL('sender.py', import.meta.url))
  const child = spawn(python, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: ((line: z.infer<typeof Line>) => void)[] = []
  createInterface({ input: child.stdout }).on('line', (text) =>
    waiting.shift()?.(Line.parse(JSON.parse(text))),
  )
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  async function ask(request: object): Promise<Answer[]> {
    const answer = new Promise<z.infer<typeof Line>>((resolve) => waiting.push(resolve))
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const line = await answer
    if ('error' in line) throw new Error(line.error)
    return line.answers
  }

  return {
    send: (...messages) =>
      ask({ messages: messages.map((message) => Buffer.from(message).toString('base64')) }),
    raw: (bytes, wait = 10) => ask({ raw: bytes.toString('base64'), wait }),
    async stop() {
      child.stdin.end()
      await gone
    },
  }
}
