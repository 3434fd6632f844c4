import { changePin } from './change-pin.ts'
import { Refusal } from './login.ts'
import { type Inserted, loadModule, type Module, readTokens, restart } from './module.ts'
import type { HostAnswer, HostFailure, ListReading, TokenReading } from './protocol.ts'
import { HostRequest } from './protocol.ts'
import { failureForReturnValue, isAbsent, returnValueOf } from './return-values.ts'
import { signOnce } from './sign.ts'

/**
 * The process that holds one vendor's PKCS#11 library: they hang and crash, and what they do to memory stays here.
 * Started by node's fork or Electron's utilityProcess; talks over whichever message port that gives.
 */
let module: Module | null = null

type Request<C extends HostRequest['call']> = Extract<HostRequest, { call: C }>

function answer(request: HostRequest): HostAnswer {
  try {
    return perform(request)
  } catch (error) {
    return { id: request.id, ok: false, failure: failureOf(error) }
  } finally {
    if ('pin' in request) request.pin.fill(0)
    if ('newPin' in request) request.newPin.fill(0)
  }
}

function perform(request: HostRequest): HostAnswer {
  const { id } = request
  switch (request.call) {
    case 'load':
      module = loadModule(request.path, request.slotEvents)
      return { id, ok: true, call: 'load', value: null }
    case 'list':
      return { id, ok: true, call: 'list', value: list(loaded(), request.restart) }
    case 'sign':
      return { id, ok: true, call: 'sign', value: sign(request) }
    case 'change-pin':
      changePin(insertedToken(request.tokenId), request.pin, request.newPin)
      return { id, ok: true, call: 'change-pin', value: null }
  }
}

function loaded(): Module {
  if (!module) throw new Refusal({ code: 'token-driver-failed', facts: { reason: 'not-loaded' } })
  return module
}

function list(from: Module, when: Request<'list'>['restart']): ListReading {
  if (when === 'always') restart(from)
  const fresh = from.seen === null
  let reading = readTokens(from)
  if (when === 'when-empty' && !fresh && reading.tokens.length === 0) {
    restart(from)
    reading = readTokens(from)
  }
  const { sawInsertion, tokens } = reading
  return { tokens: tokens.map(readingOf), sawInsertion, rss: process.memoryUsage.rss() }
}

function readingOf({ id, label, pin, insertion, certificates }: Inserted): TokenReading {
  return { id, label, pin, insertion, certificates: certificates.map(({ id, der }) => ({ id, der })) }
}

function insertedToken(id: string): Inserted {
  const token = readTokens(loaded()).tokens.find((candidate) => candidate.id === id)
  if (!token) throw new Refusal({ code: 'token-absent', facts: {} })
  return token
}

function sign(request: Request<'sign'>) {
  const token = insertedToken(request.tokenId)
  const certificate = token.certificates.find((candidate) => candidate.id === request.certificateId)
  if (!certificate?.der.equals(request.certificate)) throw new Refusal({ code: 'token-changed', facts: {} })
  return signOnce(token, certificate, request.pin, request.statement)
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
