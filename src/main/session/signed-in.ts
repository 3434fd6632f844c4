import { api, type Route, type RouteResponse } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { IpcEvent } from '../../shared/ipc/index.ts'
import type { ReportDocument } from '../../shared/report/index.ts'
import { SessionEndReason, type SessionEvent, type SessionView } from '../../shared/session/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { type ApiCall, isSessionOver, type SessionChannel } from '../channel/index.ts'
import type { Drafts } from '../drafts/index.ts'
import { idleFor, type LockState, nextLockState, unlockedAt } from '../lock/index.ts'

export interface Ended {
  reason: SessionEndReason
  at: number
  byWorkstation?: string
}

/** One person's session at this workstation, from sign-in to its end. */
export interface SignedIn {
  readonly channel: SessionChannel
  readonly drafts: Drafts
  /** The session as the gateway told it last. */
  readonly view: SessionView
  /** Goes by what the gateway tells of the session now: its times count from now on. */
  renew(view: SessionView): void
  /** The channel's calls; one that shows the session over or locked tells so before it fails. */
  call: ApiCall
  /** The token that signed in or unlocked last; taking it out locks. Null where password and code stood in for it. */
  tokenId: string | null
  lock: LockState
  /** Documents that the gateway prepared for signing, by study. */
  readonly prepared: Map<string, ReportDocument>
  /** Aborts what is under way for the window: pixels. Replaced at each lock. */
  inFlight: AbortController
  close(): void
}

export interface SignedInOptions {
  channel: SessionChannel
  drafts: Drafts
  tokenId: string | null
  clock: Clock
  steady: Clock
  send(event: IpcEvent): void
  /** The gateway has ended, or locked, the session. */
  onEnded(ended: Ended): void
  onLockedByGateway(): void
  /** Times of the session have changed; they are in force already. */
  onViewChanged(): void
  /** The event stream stands, anew perhaps: what was told before it stood has not been heard. */
  onFollowing(): void
  onReachable(reachable: boolean): void
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The most that an activity report may tell. */
const longestIdleMs = 86_400_000

export function createSignedIn(options: SignedInOptions): SignedIn {
  const { channel, drafts, clock, steady, send } = options
  let counter = 0

  async function call<R extends Route>(...request: Parameters<ApiCall>): Promise<RouteResponse<R>> {
    try {
      return (await channel.call(...request)) as RouteResponse<R>
    } catch (error) {
      if (isSessionOver(error)) options.onEnded(endedBy(error, clock()))
      if (error instanceof VigilError && error.code === 'session-locked') options.onLockedByGateway()
      throw error
    }
  }

  function report(): void {
    const idleMs = Math.min(Math.round(idleFor(signedIn.lock, steady())), longestIdleMs)
    counter += 1
    signedIn.call(api.activity, { body: channel.activityReport(counter, idleMs) }).catch(() => {})
  }
  let reporting = setInterval(report, channel.session.activityEveryMs)

  channel.follow({
    onEvent: (event) => heard(event),
    onReachable: options.onReachable,
    onOver: (error) => options.onEnded(endedBy(error, clock())),
  })

  const signedIn: Mutable<SignedIn> = {
    channel,
    drafts,
    view: channel.session,
    call: call as ApiCall,
    tokenId: options.tokenId,
    lock: unlockedAt(steady(), channel.session.lockAfterMs),
    prepared: new Map(),
    inFlight: new AbortController(),
    renew(view) {
      const { activityEveryMs } = signedIn.view
      signedIn.view = view
      signedIn.lock = nextLockState(signedIn.lock, { kind: 'lock-after', lockAfterMs: view.lockAfterMs })
      if (view.activityEveryMs === activityEveryMs) return
      clearInterval(reporting)
      reporting = setInterval(report, view.activityEveryMs)
    },
    close: () => {
      clearInterval(reporting)
      signedIn.inFlight.abort()
      signedIn.prepared.clear()
      channel.close()
    },
  }
  return signedIn

  function heard(event: SessionEvent): void {
    const { onEnded, onLockedByGateway, onViewChanged, onFollowing } = options
    if (event.kind === 'session-ended') {
      const { reason, at, byWorkstation } = event
      onEnded({ reason, at, ...(byWorkstation === undefined ? {} : { byWorkstation }) })
    } else if (event.kind === 'session-locked') onLockedByGateway()
    else if (event.kind === 'hello') onFollowing()
    else if (event.kind === 'policy-changed') {
      const { lockAfterMs, activityEveryMs } = event
      signedIn.renew({ ...signedIn.view, lockAfterMs, activityEveryMs })
      report()
      onViewChanged()
    } else if (event.kind === 'alert-changed') send({ kind: 'alert-changed', alertId: event.alertId })
    else if (event.kind === 'alert-attention') send(event)
    else if (event.kind === 'worklist-changed') send({ kind: 'worklist-changed' })
    else if (event.kind === 'dictionary-changed') send({ kind: 'dictionary-changed' })
    else if (event.kind === 'glass-broken') send({ kind: 'glass-broken' })
    else if (event.kind === 'alarm-changed') send({ kind: 'alarm-changed' })
  }
}

/** Why the session is over, where the gateway's refusal says so; otherwise it can only have run out. */
export function endedBy(error: unknown, at: number): Ended {
  const facts = error instanceof VigilError ? error.facts : {}
  const reason = SessionEndReason.safeParse(facts.reason)
  const code = error instanceof VigilError ? error.code : ''
  const barred = code === 'workstation-revoked' || code === 'workstation-suspended'
  return {
    reason: reason.success ? reason.data : barred ? 'revoked' : 'expired',
    at: typeof facts.at === 'number' ? facts.at : at,
    ...(typeof facts.byWorkstation === 'string' ? { byWorkstation: facts.byWorkstation } : {}),
  }
}
