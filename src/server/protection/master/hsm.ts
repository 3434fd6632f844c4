import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { RandomBytes } from '../../../shared/time/clock.ts'
import { refuseWiderThanOwner } from '../private-file.ts'

/** Which key of which security module. */
export interface HsmKey {
  module: string
  tokenLabel: string
  keyLabel: string
  pinFile: string
}

interface HsmAddress {
  module: string
  tokenLabel: string
  keyLabel: string
  pin: string
}
/** Bytes are base64. */
export type HsmCall = HsmAddress &
  (
    | { act: 'make' }
    | { act: 'wrap'; data: string; iv: string; associated: string }
    | { act: 'unwrap'; data: string; associated: string }
  )

const faults = {
  'no-module': 'the PKCS#11 library cannot be loaded',
  'no-token': 'no token of this label is there',
  'token-twice': 'two tokens of this label are there',
  'no-key': 'the token has no AES key of this label: vigil keys init-hsm makes one',
  'key-twice': 'the token has two AES keys of this label',
  'key-exists': 'the token has an AES key of this label already',
  'extractable-key': 'the key may leave the token: it must be sensitive and not extractable',
  'wrong-pin': 'the PIN is wrong',
  'pin-locked': 'the PIN is locked',
  'another-key': 'the key of this label is not the one that the database stands under',
  'timed-out': 'the PKCS#11 library did not answer in time',
  died: 'the PKCS#11 library ended its process',
  failed: 'the PKCS#11 library refused',
} as const
export type HsmFault = keyof typeof faults
const HsmAnswer = z.union([
  z.object({ data: z.base64() }),
  z.object({
    fault: z.enum(Object.keys(faults) as [HsmFault, ...HsmFault[]]),
    code: z.int().optional(),
  }),
])
export type HsmAnswer = z.infer<typeof HsmAnswer>

/** What a security module's key wraps is bound to this, so that it cannot pass for what another product wrapped. */
const associated = 'vigil/master-key/v1'
const mark = 'pkcs11.v1.'

/** A security module that cannot be used, and why; names module, token and key. */
export class HsmError extends Error {
  readonly fault: HsmFault

  constructor({ module, tokenLabel, keyLabel }: HsmKey, fault: HsmFault, code?: number) {
    const rv = code === undefined ? '' : ` (0x${code.toString(16)})`
    super(`security module ${module}, token ${tokenLabel}, key ${keyLabel}: ${faults[fault]}${rv}`)
    this.name = 'HsmError'
    this.fault = fault
  }
}

const host = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './hsm-host.ts' : './hsm-host.js', import.meta.url),
)
const usualTimeoutMs = 20_000

/** The AES key in a security module, by which a master key is wrapped. Each call is a process of its own that is killed when it hangs. */
export function openHsm(key: HsmKey, { timeoutMs = usualTimeoutMs, entry = host } = {}) {
  async function call<Act extends HsmCall['act']>(
    request: Omit<Extract<HsmCall, { act: Act }>, keyof HsmAddress>,
  ): Promise<Buffer> {
    const { module, tokenLabel, keyLabel, pinFile } = key
    const stats = await stat(pinFile).catch(() => null)
    if (!stats) throw new Error(`${pinFile}: no PIN file`)
    refuseWiderThanOwner(pinFile, stats)
    const pin = (await readFile(pinFile, 'utf8')).trim()
    const answer = await inOwnProcess(entry, { module, tokenLabel, keyLabel, pin, ...request }, timeoutMs)
    if ('fault' in answer) throw new HsmError(key, answer.fault, answer.code)
    return Buffer.from(answer.data, 'base64')
  }

  return {
    /** Makes the key in the token: sensitive, not extractable. @throws HsmError */
    make: async () => void (await call<'make'>({ act: 'make' })),
    /** @throws HsmError */
    async wrap(bytes: Buffer, random: RandomBytes): Promise<string> {
      const iv = Buffer.from(random(12)).toString('base64')
      const data = bytes.toString('base64')
      return mark + (await call<'wrap'>({ act: 'wrap', data, iv, associated })).toString('base64')
    },
    /** @throws HsmError, `another-key` where it was wrapped by another or changed. */
    async unwrap(wrapped: string): Promise<Buffer> {
      if (!wrapped.startsWith(mark)) throw new HsmError(key, 'another-key')
      return call<'unwrap'>({ act: 'unwrap', data: wrapped.slice(mark.length), associated })
    },
  }
}

function inOwnProcess(entry: string, request: object, timeoutMs: number): Promise<HsmAnswer> {
  return new Promise((resolve) => {
    // A library that crashes while it holds the PIN must not leave it in a core dump.
    const program = process.platform === 'win32' ? [process.execPath, entry] : null
    const child = program
      ? spawn(program[0] as string, program.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] })
      : spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, entry], {
          stdio: ['pipe', 'pipe', 'ignore'],
        })
    let text = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    child.stdin.on('error', () => {})
    child.stdin.end(JSON.stringify(request))
    const end = (answer: HsmAnswer) => {
      clearTimeout(timer)
      resolve(answer)
    }
    child.on('error', () => end({ fault: 'died' }))
    child.on('close', () => {
      if (late) return end({ fault: 'timed-out' })
      end(parsed(text))
    })
  })
}

function parsed(text: string): HsmAnswer {
  try {
    return HsmAnswer.parse(JSON.parse(text))
  } catch {
    return { fault: 'died' }
  }
}
