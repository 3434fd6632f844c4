import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** A field as python3-hl7 read it: text, or nested lists of repetitions, components and sub-components. */
export type Field = string | Field[]

const FieldShape: z.ZodType<Field> = z.lazy(() => z.union([z.string(), z.array(FieldShape)]))
const Line = z.union([
  z.object({ listening: z.int() }),
  z.object({
    controlId: z.string(),
    repeat: z.boolean(),
    segments: z.record(z.string(), z.array(z.array(FieldShape))),
    /** What of it is not ORU^R01 as HL7 2.5.1 has it; see oru_r01.py. */
    problems: z.array(z.string()),
  }),
  z.object({ dropped: z.string() }),
  z.object({ refused: z.string() }),
  z.object({ unreadable: z.string(), why: z.string() }),
])
export type ReceivedMessage = Extract<z.infer<typeof Line>, { segments: unknown }>

/** How the receiver misbehaves: shares from 0 to 1 of the messages, `delay` in seconds at most. See receiver.py. */
export interface ReceiverOptions {
  encoding?: 'utf-8' | 'gb18030'
  port?: number
  seed?: number
  drop?: number
  loseAnswer?: number
  nak?: number
  nakCode?: 'AE' | 'AR'
  nakError?: string
  garbage?: number
  duplicateAck?: number
  wrongId?: number
  delay?: number
}

export interface Hl7Receiver {
  readonly port: number
  /** Messages that the receiver accepted, repeats included, in the order of arrival. */
  readonly messages: readonly ReceivedMessage[]
  /** Whatever else happened: dropped, refused, unreadable. */
  readonly incidents: readonly object[]
  /** Resolves when `enough(messages)`; fails after `timeoutMs`. */
  until(enough: (messages: readonly ReceivedMessage[]) => boolean, timeoutMs?: number): Promise<void>
  stop(): Promise<void>
}

/** The system's interpreter first, for which Debian's python3-hl7 is installed; another one on the path may not have it. */
const python = ['/usr/bin/python3', 'python3'].find(
  (interpreter) => spawnSync(interpreter, ['-c', 'import hl7']).status === 0,
)

/** Why the receiver cannot run here, or null. */
export const receiverSkipReason: string | null = python
  ? null
  : 'no Python with the hl7 package (python3-hl7)'

export async function startHl7Receiver(options: ReceiverOptions = {}): Promise<Hl7Receiver> {
  const args = Object.entries(options).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ])
  if (!python) throw new Error(receiverSkipReason ?? '')
  const script = fileURLToPath(new URL('receiver.py', import.meta.url))
  const child = spawn(python, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const messages: ReceivedMessage[] = []
  const incidents: object[] = []
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the HL7 receiver ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = Line.parse(JSON.parse(text))
      if ('listening' in line) resolve(line.listening)
      else if ('segments' in line) messages.push(line)
      else incidents.push(line)
    })
  })
  return {
    port,
    messages,
    incidents,
    async until(enough, timeoutMs = 20_000) {
      for (const end = Date.now() + timeoutMs; !enough(messages); await sleep(10)) {
        if (Date.now() > end)
          throw new Error(`the receiver has ${messages.length} messages; more were expected`)
      }
    },
    stop: () => stop(child),
  }
}

/** Component texts of a field as given by HL7 numbering: `at(message, 'PID', 5)`. */
export function fieldOf(message: ReceivedMessage, segment: string, index: number, occurrence = 0): Field {
  return message.segments[segment]?.[occurrence]?.[index] ?? ''
}

/** The value of the observation with this code (OBX-5). */
export function observationOf(message: ReceivedMessage, code: string): Field {
  const row = message.segments.OBX?.find((fields) => JSON.stringify(fields[3]).includes(`"${code}"`))
  return row?.[5] ?? ''
}

/** The messages of one kind (notice, cancel, escalation, reroute) that were accepted, without repeats. */
export function acceptedOf({ messages }: Hl7Receiver, kind: string): ReceivedMessage[] {
  return messages.filter(
    (message) => !message.repeat && textOf(observationOf(message, 'CV-MESSAGE')).startsWith(kind),
  )
}

/** All text of a field, for a plain look. */
export function textOf(field: Field): string {
  return typeof field === 'string' ? field : field.map(textOf).join('')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
