import { api } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcArgs, IpcEvent, WorkstationState } from '../../shared/ipc/index.ts'
import type { SessionView } from '../../shared/session/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { type Gateway, isSessionOver, type SessionChannel } from '../channel/index.ts'
import type { Drafts } from '../drafts/index.ts'
import { clockJump, type LockReason, type Moment, nextLockState } from '../lock/index.ts'
import type { Log } from '../log.ts'
import type { Shell } from '../shell.ts'
import type { TokenDriver } from '../tokens/index.ts'
import { createCurtain } from './curtain.ts'
import { createEntry, withPin } from './entry.ts'
import { lockOnGateway } from './gateway-lock.ts'
import { createSignedIn, type Ended, endedBy, type SignedIn } from './signed-in.ts'

export type { SignedIn } from './signed-in.ts'
export { openTokenFailures, type TokenFailures } from './token-failures.ts'

export interface SessionsOptions {
  shell: Shell
  clock: Clock
  /** Milliseconds of a clock that nobody can set; all waiting and idling is measured by it. */
  steady: Clock
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
  /** While a session is locked here it is replaced, once this one stands. @throws VigilError */
  signIn(args: IpcArgs<'session.sign-in'>): Promise<void>
  signInFallback(args: IpcArgs<'session.sign-in-fallback'>): Promise<void>
  unlock(args: IpcArgs<'session.unlock'>): Promise<void>
  unlockFallback(args: IpcArgs<'session.unlock-fallback'>): Promise<void>
  signOut(): Promise<void>
  lock(why: LockReason): Promise<void>
  /** Asks the gateway anew what the session is, after the password has changed. */
  refresh(): Promise<void>
  /** The user did something. */
  input(): void
  /** Asked every second: has the user been away too long, or the clock been tampered with? */
  tick(): void
  tokensRemoved(ids: readonly string[]): void
  /** @throws VigilError session-required, session-locked */
  active(): SignedIn
  /** Where text typed for this study still goes: also while locked, and for a moment after the end. @throws VigilError session-required */
  drafts(study: string): Drafts
  close(): Promise<void>
}

/** A window that is slow to lock or to end may still hand over what was being typed. */
const lastWordsMs = 5_000
/** A gateway that does not answer ends the session by itself, for want of a sign of life. */
const signOutWaitMs = 3_000

export function createSessions(options: SessionsOptions): Sessions {
  const { shell, clock, steady, log, tokens } = options
  const curtain = createCurtain(shell, log)
  const entry = createEntry(end)
  let current: SignedIn | null = null
  let ended: (Ended & { displayName: string }) | null = null
  let lastWords: { drafts: Drafts; until: number } | null = null
  let lastTick: Moment = { wall: clock(), steady: steady() }

  const send = (event: IpcEvent) => shell.send(event)

  function state(): WorkstationState {
    if (!options.gateway()) return { phase: 'not-enrolled' }
    if (!current) return { phase: 'signed-out', ended }
    const { lock, view } = current
    if (lock.locked) return { phase: 'locked', session: { ...view, state: 'locked' }, why: lock.why }
    return { phase: 'active', session: { ...view, state: 'active' } }
  }

  const announce = () => send({ kind: 'state', state: state() })

  async function enter(
    tokenId: string | null,
    open: (gateway: Gateway, replaces: string | undefined) => Promise<SessionChannel>,
  ): Promise<void> {
    const gateway = options.gateway()
    if (!gateway) throw new VigilError('workstation-not-enrolled')
    const replaced = current
    if (replaced && !replaced.lock.locked) throw new VigilError('conflict', { reason: 'signed-in' })
    await entry.alone(replaced, async () => {
      // The gateway lets only a locked session be replaced, and may not have heard of the lock yet.
      await replaced?.call(api.lock).catch(() => {})
      await admit(await open(gateway, replaced?.view.id), tokenId)
    })
  }

  /** Opens the workstation to the session that has begun; the one before it, locked until now, is closed for good. */
  async function admit(channel: SessionChannel, tokenId: string | null): Promise<void> {
    // Both may be the same person's, by another key: two writers of one draft must not overlap.
    await current?.drafts.pause()
    const drafts = await options.openDrafts(channel).catch(async (error: unknown) => {
      await channel.call(api.signOut).catch(() => {})
      channel.close()
      throw error
    })
    const replaced = current
    if (replaced) {
      await curtain.fall()
      leave(replaced)
      replaced.close()
    }
    const mine = createSignedIn({
      channel,
      drafts,
      tokenId,
      clock,
      steady,
      send,
      onEnded: (how) => void over(mine, how),
      onLockedByGateway: () => void lock('idle', mine),
      onViewChanged: () => {
        if (current === mine) announce()
      },
      onFollowing: () => void refresh(mine),
      onReachable: options.onReachable,
    })
    current = mine
    ended = null
    log.info('signed-in')
    announce()
    if (replaced) curtain.rise()
    await resumed(mine)
  }

  /** Catches what happened during the signature: texts to send, a token pulled since. */
  async function resumed(mine: SignedIn): Promise<void> {
    const { unreadable } = await mine.drafts.resume()
    if (unreadable > 0) log.info('drafts-unreadable', { count: unreadable })
    if (mine.tokenId === null) return
    const present = await tokens.list()
    if (!present.some(({ id }) => id === mine.tokenId)) await lock('token-removed', mine)
  }

  async function reopen(
    tokenId: string | null,
    open: (channel: SessionChannel) => Promise<SessionView>,
  ): Promise<void> {
    const mine = current
    if (!mine) throw new VigilError('session-required')
    if (!mine.lock.locked) return
    try {
      const view = await entry.alone(null, () => open(mine.channel))
      if (current !== mine) throw new VigilError('session-ended')
      mine.tokenId = tokenId
      mine.renew(view)
      mine.inFlight = new AbortController()
      mine.lock = nextLockState(mine.lock, { kind: 'unlocked', at: steady(), lockAfterMs: view.lockAfterMs })
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
    mine.lock = { locked: true, why, since: steady() }
    await curtain.fall()
    mine.inFlight.abort()
    mine.prepared.clear()
    announce()
    curtain.rise()
    log.info('locked', { why })
    await mine.drafts.pause()
    const which = mine.lock
    void lockOnGateway(mine.call, () => current === mine && mine.lock === which, log)
  }

  async function refresh(mine = current): Promise<void> {
    if (!mine) return
    const open = !mine.lock.locked
    const told = JSON.stringify({ ...mine.view, state: 'active' })
    try {
      mine.renew(await mine.call(api.session))
    } catch (error) {
      return log.failure('session-refresh', error)
    }
    if (current !== mine) return
    if (JSON.stringify({ ...mine.view, state: 'active' }) !== told) announce()
    if (open && mine.view.state === 'locked') await lock('idle', mine)
  }

  /** The gateway says so. While another sign-in is about to replace the session, that one's outcome comes first. */
  async function over(mine: SignedIn, how: Ended): Promise<void> {
    if (!entry.keeps(mine, how)) await end(mine, how)
  }

  async function end(mine: SignedIn, how: Ended | null): Promise<void> {
    if (current !== mine) return
    leave(mine)
    current = null
    ended = how && { ...how, displayName: mine.view.displayName }
    await curtain.fall()
    mine.close()
    announce()
    curtain.rise()
    log.info('session-over', { reason: how?.reason ?? 'signed-out' })
    await mine.drafts.pause()
  }

  function leave(mine: SignedIn): void {
    lastWords = { drafts: mine.drafts, until: steady() + lastWordsMs }
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
    signIn: (args) =>
      enter(args.tokenId, (gateway, replaces) => {
        const { password, newPassword, bindingCode, takeOver } = args
        const details = { password, newPassword, bindingCode, takeOver, replaces }
        return withPin(tokens, args, (sign) => gateway.signIn(sign, details))
      }),
    signInFallback: (args) =>
      enter(null, (gateway, replaces) => gateway.signInFallback({ ...args, replaces })),
    unlock: (args) =>
      reopen(args.tokenId, (channel) => withPin(tokens, args, (sign) => channel.unlock(sign))),
    unlockFallback: (args) => reopen(null, (channel) => channel.unlockFallback(args)),
    signOut,
    lock,
    refresh,
    input() {
      if (current) current.lock = nextLockState(current.lock, { kind: 'input', at: steady() })
    },
    tick() {
      const now = { wall: clock(), steady: steady() }
      const jump = clockJump(lastTick, now)
      lastTick = now
      if (!current || current.lock.locked) return
      if (jump) return void lock(jump)
      const seen = { kind: 'tick', at: now.steady, systemIdleMs: shell.idleMs() } as const
      const next = nextLockState(current.lock, seen)
      if (next.locked) void lock(next.why)
      else current.lock = next
    },
    tokensRemoved(ids) {
      if (current?.tokenId && ids.includes(current.tokenId)) void lock('token-removed')
    },
    active() {
      if (!current) throw new VigilError('session-required')
      if (current.lock.locked) throw new VigilError('session-locked')
      return current
    },
    drafts(study) {
      const late = lastWords && steady() < lastWords.until ? lastWords.drafts : null
      // After a change of hands, a study that the new person has not opened can only be the former one's.
      if (current && (!late || current.drafts.textOf(study) !== null)) return current.drafts
      if (late) return late
      throw new VigilError('session-required')
    },
    close: signOut,
  }
}
