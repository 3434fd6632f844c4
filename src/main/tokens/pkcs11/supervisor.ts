import { VigilError } from '../../../shared/errors/index.ts'
import type { TokenModule } from '../../../shared/ipc/index.ts'
import { type HostClient, type HostTimeLimits, startHost } from './client.ts'
import { inspectModule } from './inspect.ts'
import { createMarks } from './marks.ts'
import type { AllowedModule } from './policy.ts'
import type { TokenReading } from './protocol.ts'
import { createScout, type FreshLook } from './scout.ts'
import type { SpawnHost } from './spawn.ts'

/** A token as its host read it, and a mark that differs each time it is put in. */
export interface Sighted {
  reading: TokenReading
  insertion: string
}

/** Keeps one vendor library's host process alive, replaces it when it misbehaves, and leaves it out when it goes on so. */
export interface Supervisor {
  /** The tokens now. While a PIN is in use nothing is looked at: what was seen last is told. */
  look(): Promise<Sighted[]>
  /** Runs `work` with nothing else going on in the library, and with what is there at that moment. */
  operate<T>(work: (host: HostClient, tokens: readonly TokenReading[]) => Promise<T>): Promise<T>
  /** Null until the first attempt to load it has ended. */
  state(): TokenModule['state'] | null
  /** The process that tokens are used through, and the one that looks for more. */
  pids(): { holder: number | undefined; scout: number | undefined }
  close(): void
}

type LeftOut = Exclude<TokenModule['state'], 'loaded' | 'disabled'>
export type ModuleProblem = 'host-stopped' | 'host-recycled' | LeftOut

export interface SupervisorOptions {
  module: AllowedModule
  spawn: SpawnHost
  onProblem(problem: ModuleProblem): void
  limits: HostTimeLimits
  /** How much a host's memory may grow from its first look, bytes. */
  mostGrowth: number
  /** How long a library that failed is left alone. */
  restMs: number
}

/** A library whose host is lost this often with no good look in between is left out for a while. */
const mostFailures = 3
/** A token taken out is noticed within this time; one that nothing watched for longer counts as taken out. */
const blindMs = 1_500

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { module, limits, onProblem } = options
  const marks = createMarks(blindMs, () => performance.now())
  const scout = createScout({ start, isWorn, restMs: options.restMs })
  const hosts = new Set<HostClient>()
  const firstRss = new WeakMap<HostClient, number>()
  let holder: HostClient | null = null
  let state: TokenModule['state'] | null = null
  let failures = 0
  let resting = false
  let closed = false
  /** Learnt: this library sees a token put in by itself. */
  let seesInsertions = false
  /** Until the first loss: what a library hangs in may be this. */
  let slotEvents = true
  let latest: Sighted[] | null = null
  let looking: Promise<Sighted[]> | null = null
  let operations = 0
  let queue: Promise<unknown> = Promise.resolve()

  async function start(): Promise<HostClient> {
    if (closed) throw stopped()
    const host = startHost(options.spawn, limits)
    for (const other of hosts) if (!other.alive()) hosts.delete(other)
    hosts.add(host)
    try {
      await host.load({ path: module.path, slotEvents })
      return host
    } catch (error) {
      host.kill()
      throw error
    }
  }

  async function holding(): Promise<HostClient> {
    if (holder?.alive()) return holder
    if (resting) throw stopped()
    const unusable = await inspectModule(module)
    if (unusable) {
      leaveOut(unusable)
      throw stopped()
    }
    holder = await start()
    return holder
  }

  function leaveOut(why: LeftOut): void {
    if (state !== why) onProblem(why)
    state = why
    resting = true
    setTimeout(() => {
      resting = false
    }, options.restMs).unref()
  }

  /** @throws where the host was lost, or answered with an error */
  async function read(): Promise<Sighted[]> {
    const host = await holding()
    const { tokens, sawInsertion, rss } = await host.list({
      restart: seesInsertions ? 'never' : 'when-empty',
    })
    if (sawInsertion && !seesInsertions) {
      seesInsertions = true
      scout.end()
    }
    const taken = operations > 0 ? null : await takeOver(host, tokens, isWorn(host, rss))
    return taken ? sighted(taken.host, taken.tokens) : sighted(host, tokens)
  }

  /** Whether another host is to hold the tokens: one that sees more, or one that has not grown as large. */
  async function takeOver(
    host: HostClient,
    tokens: readonly TokenReading[],
    worn: boolean,
  ): Promise<FreshLook | null> {
    if (!worn && (tokens.length === 0 || seesInsertions)) return null
    const fresh = await scout.look()
    if (fresh === 'under-way') return null
    // A scout that misses a token in use, which it may while the token is busy, does not take over for seeing another.
    const better = fresh && (worn || (fresh.tokens.length > tokens.length && holdsAll(fresh.tokens, tokens)))
    if (better) await promote(fresh, host)
    if (worn) {
      onProblem('host-recycled')
      host.kill()
    }
    return better ? fresh : null
  }

  function isWorn(host: HostClient, rss: number): boolean {
    const first = firstRss.get(host) ?? rss
    firstRss.set(host, first)
    return rss - first > options.mostGrowth
  }

  /** The host that saw more takes over; tokens that both held at once were not taken out. */
  async function promote(fresh: FreshLook, old: HostClient): Promise<void> {
    const still = await old.list({ restart: 'never' }).catch(() => null)
    marks.handOver({ host: old, before: still?.tokens ?? [] }, { host: fresh.host, after: fresh.tokens })
    holder = fresh.host
    scout.replaceBy(old)
  }

  function sighted(host: HostClient, tokens: TokenReading[]): Sighted[] {
    const insertions = marks.read(host, tokens)
    return tokens.map((reading, index) => ({ reading, insertion: insertions[index] ?? '' }))
  }

  /** A lost host may be a crash that the next does not share: it is tried at once, a second loss is told. */
  async function lookOnce(): Promise<Sighted[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        latest = await read()
        failures = 0
        state = 'loaded'
        return latest
      } catch {
        latest = []
        if (!resting && !closed) noteLoss()
        if (attempt === 2 || resting || closed) throw stopped()
      }
    }
  }

  function noteLoss(): void {
    holder?.kill()
    slotEvents = false
    onProblem('host-stopped')
    failures += 1
    if (failures >= mostFailures) leaveOut('failed')
  }

  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work)
    queue = result.catch(() => {})
    return result
  }

  async function operateOnce<T>(work: Parameters<typeof operate<T>>[0]): Promise<T> {
    const tokens = (await lookOnce()).map(({ reading }) => reading)
    const host = await holding()
    try {
      return await work(host, tokens)
    } catch (error) {
      if (!host.alive()) {
        onProblem('host-stopped')
        // At once, so that a token that stays where it is need not count as taken out.
        await lookOnce().catch(() => {})
      }
      throw error
    }
  }

  async function operate<T>(
    work: (host: HostClient, tokens: readonly TokenReading[]) => Promise<T>,
  ): Promise<T> {
    operations += 1
    try {
      return await exclusive(async () => {
        await scout.idle()
        return operateOnce(work)
      })
    } finally {
      operations -= 1
    }
  }

  return {
    look() {
      if (operations > 0 && latest) return Promise.resolve(latest)
      looking ??= exclusive(lookOnce).finally(() => {
        looking = null
      })
      return looking
    },
    operate,
    state: () => state,
    pids: () => ({ holder: holder?.pid, scout: scout.pid() }),
    close() {
      closed = true
      for (const host of hosts) host.kill()
    },
  }
}

function holdsAll(these: readonly TokenReading[], those: readonly TokenReading[]): boolean {
  return those.every(({ id }) => these.some((token) => token.id === id))
}

function stopped(): VigilError {
  return new VigilError('token-driver-failed', { reason: 'stopped' })
}
