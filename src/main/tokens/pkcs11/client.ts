import { VigilError } from '../../../shared/errors/index.ts'
import { HostAnswer, type HostRequest, type ListReading, type SignatureReading } from './protocol.ts'
import type { HostProcess, SpawnHost } from './spawn.ts'

/** Calls into the host process, each with a time limit. A call that exceeds it costs the host its life, not the user theirs. */
export interface HostClient {
  load(request: Arguments<'load'>): Promise<null>
  list(request: Arguments<'list'>): Promise<ListReading>
  sign(request: Arguments<'sign'>): Promise<SignatureReading>
  changePin(request: Arguments<'change-pin'>): Promise<null>
  /** True until the host has died or was killed. */
  alive(): boolean
  kill(): void
  readonly pid: number | undefined
}

export interface HostTimeLimits {
  /** Starting the process and its library. */
  startMs: number
  listMs: number
  /** Whatever needs the PIN. Cards sign slowly, and some ask for a button. */
  signMs: number
}

type Arguments<C extends HostRequest['call']> = Omit<Extract<HostRequest, { call: C }>, 'call' | 'id'>

type Success = Extract<HostAnswer, { ok: true }>
type Call = Success['call']
interface Value {
  load: null
  list: ListReading
  sign: SignatureReading
  'change-pin': null
}
type Body = HostRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

/** Starts one host. When it is no longer alive a new client is made; nothing is retried here. */
export function startHost(spawn: SpawnHost, limits: HostTimeLimits): HostClient {
  const host: HostProcess = spawn()
  const pending = new Map<number, (answer: HostAnswer | null) => void>()
  let lastId = 0
  let alive = true

  const end = () => {
    alive = false
    for (const settle of pending.values()) settle(null)
    pending.clear()
  }
  host.onExit(end)
  host.onMessage((message) => {
    const answer = HostAnswer.safeParse(message)
    if (!answer.success) return
    pending.get(answer.data.id)?.(answer.data)
    pending.delete(answer.data.id)
  })
  const kill = () => {
    host.kill()
    end()
  }

  async function call<C extends Call>(body: Body & { call: C }, limitMs: number): Promise<Value[C]> {
    if (!alive) throw new VigilError('token-driver-failed', { reason: 'stopped' })
    const id = ++lastId
    const answer = await new Promise<HostAnswer | null>((resolve) => {
      const timer = setTimeout(kill, limitMs)
      pending.set(id, (settled) => {
        clearTimeout(timer)
        resolve(settled)
      })
      host.post({ ...body, id })
    })
    if (!answer) throw new VigilError('token-driver-failed', { reason: 'stopped' })
    if (!answer.ok) throw new VigilError(answer.failure.code, answer.failure.facts)
    if (answer.call !== body.call) throw new VigilError('token-driver-failed', { reason: 'answer' })
    return answer.value as Value[C]
  }

  return {
    load: (request) => call({ call: 'load', ...request }, limits.startMs),
    list: (request) => call({ call: 'list', ...request }, limits.listMs),
    sign: (request) => call({ call: 'sign', ...request }, limits.signMs),
    changePin: (request) => call({ call: 'change-pin', ...request }, limits.signMs),
    alive: () => alive,
    kill,
    get pid() {
      return host.pid
    },
  }
}
