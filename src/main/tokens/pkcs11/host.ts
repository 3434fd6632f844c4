import { type Inserted, loadModule, type Module, pinState, readTokens } from './module.ts'
import type { HostAnswer, HostFailure, TokenReading } from './protocol.ts'
import { HostRequest } from './protocol.ts'
import { failureForReturnValue, isAbsent, returnValueOf } from './return-values.ts'
import { Refusal, signOnce } from './sign.ts'

/**
 * The process that holds the vendors' PKCS#11 libraries: they hang and crash, and what they do to memory stays here.
 * Started by node's fork or Electron's utilityProcess; talks over whichever message port that gives.
 */
const modules: Module[] = []
let insertions = 0

function answer(request: HostRequest): HostAnswer {
  const { id } = request
  try {
    if (request.call === 'load')
      return { id, ok: true, call: 'load', value: { failed: load(request.modules) } }
    if (request.call === 'list') return { id, ok: true, call: 'list', value: insertedTokens().map(readingOf) }
    return { id, ok: true, call: 'sign', value: sign(request) }
  } catch (error) {
    return { id, ok: false, failure: failureOf(error) }
  }
}

function load(paths: string[]): string[] {
  return paths.filter((path) => {
    try {
      modules.push(loadModule(path))
      return false
    } catch {
      return true
    }
  })
}

function insertedTokens(): Inserted[] {
  return modules.flatMap((module) => readTokens(module, () => ++insertions))
}

function readingOf(token: Inserted): TokenReading {
  return {
    id: token.id,
    label: token.label,
    pin: pinState(token),
    insertion: token.insertion,
    certificates: token.certificates.map(({ id, der }) => ({ id, der })),
  }
}

function sign(request: Extract<HostRequest, { call: 'sign' }>) {
  try {
    const token = insertedTokens().find((candidate) => candidate.id === request.tokenId)
    if (!token) throw new Refusal({ code: 'token-absent', facts: {} })
    const certificate = token.certificates.find((candidate) => candidate.id === request.certificateId)
    if (!certificate?.der.equals(request.certificate)) throw new Refusal({ code: 'token-changed', facts: {} })
    return signOnce(token, certificate, request.pin, request.statement)
  } finally {
    request.pin.fill(0)
  }
}

function failureOf(error: unknown): HostFailure {
  if (error instanceof Refusal) return error.failure
  if (isAbsent(error)) return { code: 'token-absent', facts: {} }
  return failureForReturnValue(returnValueOf(error))
}

/** Electron's utility process has `process.parentPort`, a forked Node process `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}
const parentPort = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort

function receive(message: unknown): void {
  const request = HostRequest.safeParse(message)
  if (!request.success) return
  const reply = answer(request.data)
  if (parentPort) parentPort.postMessage(reply)
  else process.send?.(reply)
}

if (parentPort) parentPort.on('message', (event) => receive(event.data))
else {
  process.on('message', receive)
  // The workstation has gone: nothing may keep a vendor library, and a logged-in token, alive.
  process.on('disconnect', () => process.exit(0))
}
