import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs, IpcEvent, WorkstationState } from '../../shared/ipc/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import {
  type Gateway,
  isSessionOver,
  isUnreachable,
  type SessionChannel,
  type TokenSigner,
} from '../channel/index.ts'
import type { Drafts } from '../drafts/index.ts'
import { type LockReason, nextLockState } from '../lock/index.ts'
import type { Log } from '../log.ts'
import type { Shell } from '../shell.ts'
import type { TokenDriver } from '../tokens/index.ts'
import { createSignedIn, type Ended, endedBy, type SignedIn } from './signed-in.ts'

export type { SignedIn } from './signed-in.ts'
export { openTokenFailures, type TokenFailures } from './token-failures.ts'

export interface SessionsOptions {
  shell: Shell
  clock: Clock
  log: Log
  tokens: TokenDriver
  /** Null where this workstation is not enrolled. */
  gateway(): Gateway | null
  openDrafts(channel: SessionChannel): Promise<Drafts>
  onReachable(reachable: boolean): void
}

/** Who is signed in at this workstation, and whether the screen is open to them. */
export interface Sessions {
  state(): WorkstationState
  /** Tells the window again where things stand, after enrolment has changed. */
  announce(): void
  signIn(args: IpcArgs<'session.sign-in'>): Promise<void>
  unlock(args: IpcArgs<'session.unlock'>): Promise<void>
  signOut(): Promise<void>
  lock(why: LockReason): Promise<void>
  /** The user did something. */
  input(): void
  /** Asked every second: has the user been away too long? */
  tick(): void
  tokensRemoved(ids: readonly string[]): void
  /** @throws VigilError session-required, session-locked */
  active(): SignedIn
  /** Where typed text still goes: also while locked, and for a moment after the end. @throws VigilError session-required */
  drafts(): Drafts
  close(): Promise<void>
}

/** A window that is slow to lock or to end may still hand over what was being typed. */
const lastWordsMs = 5_000
const lockRetryMs = 3_000
const blankWaitMs = 500
/** A gateway that does not answer ends the session by itself, for want of a sign of life. */
const signOutWaitMs = 3_000

export function createSessions(options: SessionsOptions): Sessions {
  const { shell, clock, log, tokens } = options
  let current: SignedIn | null = null
  let ended: Ended | null = null
  let busy = false
  let lastWords: { drafts: Drafts; until: number } | null = null

  const send = (event: IpcEvent) => shell.send(event)

  function state(): WorkstationState {
    if (!options.gateway()) return { phase: 'not-enrolled' }
    if (!current) return { phase: 'signed-out', ended }
    const { lock } = current
    const session = {
      ...current.channel.session,
      state: lock.locked ? ('locked' as const) : ('active' as const),
    }
    return lock.locked ? { phase: 'locked', session, why: lock.why } : { phase: 'active', session }
  }

  const announce = () => send({ kind: 'state', state: state() })

  /** The screen first. A window that does not answer must not hold up the lock. */
  const blank = () =>
    Promise.race([shell.blank(true), new Promise((resolve) => setTimeout(resolve, blankWaitMs))]).catch(
      () => {},
    )
  /** The shell lifts the blank only once the window has drawn what `announce` told it. */
  const unblank = () => void shell.blank(false).catch((error: unknown) => log.failure('unblank', error))

  /** One token operation at a time; the PIN's bytes are wiped whatever happens. */
  async function withPin<T>(
    args: { tokenId: string; certificateId?: string | undefined; pin: string },
    use: (sign: TokenSigner) => Promise<T>,
  ): Promise<T> {
    if (busy) throw new VigilError('conflict', { reason: 'busy' })
    busy = true
    const pin = Buffer.from(args.pin, 'utf8')
    const { tokenId, certificateId } = args
    try {
      return await use((statement) => tokens.sign({ tokenId, certificateId, pin, statement }))
    } finally {
      pin.fill(0)
      busy = false
    }
  }

  async function signIn(args: IpcArgs<'session.sign-in'>): Promise<void> {
    const gateway = options.gateway()
    if (!gateway) throw new VigilError('workstation-not-enrolled')
    if (current) throw new VigilError('conflict', { reason: 'signed-in' })
    const { password, takeOver, tokenId } = args
    const channel = await withPin(args, (sign) => gateway.signIn({ sign, password, takeOver }))
    const drafts = await options.openDrafts(channel).catch(async (error: unknown) => {
      await channel.call(api.signOut).catch(() => {})
      channel.close()
      throw error
    })
    const mine = createSignedIn({
      channel,
      drafts,
      tokenId,
      clock,
      send,
      onEnded: (how) => void end(mine, how),
      onLockedByGateway: () => void lock('idle', mine),
      onReachable: options.onReachable,
    })
    current = mine
    ended = null
    log.info('signed-in')
    announce()
    await resumed(mine)
  }

  /** Catches what happened during the signature: texts to send, a token pulled since. */
  async function resumed(mine: SignedIn): Promise<void> {
    const { unreadable } = await mine.drafts.resume()
    if (unreadable > 0) log.info('drafts-unreadable', { count: unreadable })
    const present = await tokens.list()
    if (!present.some(({ id }) => id === mine.tokenId)) await lock('token-removed', mine)
  }

  async function unlock(args: IpcArgs<'session.unlock'>): Promise<void> {
    const mine = current
    if (!mine) throw new VigilError('session-required')
    if (!mine.lock.locked) return
    try {
      const view = await withPin(args, (sign) => mine.channel.unlock(sign))
      if (current !== mine) throw new VigilError('session-ended')
      mine.tokenId = args.tokenId
      mine.inFlight = new AbortController()
      mine.lock = nextLockState(mine.lock, { kind: 'unlocked', at: clock(), lockAfterMs: view.lockAfterMs })
    } catch (error) {
      if (isSessionOver(error)) await end(mine, endedBy(error, clock()))
      throw error
    }
    log.info('unlocked')
    announce()
    await resumed(mine)
  }

  async function lock(why: LockReason, mine = current): Promise<void> {
    if (!mine || current !== mine || mine.lock.locked) return
    mine.lock = { locked: true, why, since: clock() }
    await blank()
    mine.inFlight.abort()
    mine.prepared.clear()
    announce()
    unblank()
    log.info('locked', { why })
    await mine.drafts.pause()
    void lockOnGateway(mine, mine.lock)
  }

  /** Until the gateway knows, or there is nothing to lock any more. */
  async function lockOnGateway(mine: SignedIn, which: SignedIn['lock']): Promise<void> {
    while (current === mine && mine.lock === which) {
      try {
        await mine.call(api.lock)
        return
      } catch (error) {
        if (!isUnreachable(error)) return log.failure('lock-on-gateway', error)
      }
      await new Promise((resolve) => setTimeout(resolve, lockRetryMs))
    }
  }

  async function end(mine: SignedIn, how: Ended | null): Promise<void> {
    if (current !== mine) return
    current = null
    ended = how
    await blank()
    lastWords = { drafts: mine.drafts, until: clock() + lastWordsMs }
    mine.close()
    announce()
    unblank()
    log.info('session-over', { reason: how?.reason ?? 'signed-out' })
    await mine.drafts.pause()
  }

  async function signOut(): Promise<void> {
    const mine = current
    if (!mine) return
    // What the gateway still lacks stays here, and is sent at the next sign-in.
    await mine.drafts.pause()
    const told = mine.channel.call(api.signOut).catch((error: unknown) => log.failure('sign-out', error))
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, signOutWaitMs))])
    await end(mine, null)
  }

  return {
    state,
    announce,
    signIn,
    unlock,
    signOut,
    lock,
    input() {
      if (current) current.lock = nextLockState(current.lock, { kind: 'input', at: clock() })
    },
    tick() {
      if (!current || current.lock.locked) return
      const next = nextLockState(current.lock, { kind: 'tick', at: clock(), systemIdleMs: shell.idleMs() })
      if (next.locked) void lock(next.why)
      else current.lock = next
    },
    tokensRemoved(ids) {
      if (current && ids.includes(current.tokenId)) void lock('token-removed')
    },
    active() {
      if (!current) throw new VigilError('session-required')
      if (current.lock.locked) throw new VigilError('session-locked')
      return current
    },
    drafts() {
      if (current) return current.drafts
      if (lastWords && clock() < lastWords.until) return lastWords.drafts
      throw new VigilError('session-required')
    },
    close: signOut,
  }
}
