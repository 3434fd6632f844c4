import type { SecurityPolicy } from '../../shared/policy/index.ts'
import type { SessionEndReason } from '../../shared/session/index.ts'

/** The policy's times of a session's life, in ms. */
export interface SessionPolicy {
  shiftMs: number
  /** Without input this long: locked. */
  lockAfterMs: number
  /** Without input, or locked, this long: over. */
  endAfterMs: number
  /** Not heard of for this long: over. */
  silenceMs: number
  /** How often a workstation must report activity. */
  activityEveryMs: number
  /** Whether password + TOTP may stand in for a key. */
  fallbackAllowed: boolean
}

const minute = 60_000

export function sessionPolicy(policy: {
  session: Pick<
    SecurityPolicy['session'],
    'shiftHours' | 'lockAfterMinutes' | 'endAfterMinutes' | 'silenceMinutes'
  >
  signIn: Pick<SecurityPolicy['signIn'], 'fallbackAllowed'>
}): SessionPolicy {
  const { session, signIn } = policy
  const silenceMs = session.silenceMinutes * minute
  return {
    shiftMs: session.shiftHours * 60 * minute,
    lockAfterMs: session.lockAfterMinutes * minute,
    endAfterMs: session.endAfterMinutes * minute,
    silenceMs,
    // Several reports may be lost before the gateway takes the workstation for dead.
    activityEveryMs: Math.min(30_000, silenceMs / 4),
    fallbackAllowed: signIn.fallbackAllowed,
  }
}

/** What a session's fate is decided by. Times are epoch ms. */
export interface SessionFacts {
  state: 'active' | 'locked'
  startedAt: number
  /** The end of its certificate. */
  expiresAt: number
  lastActivityAt: number
  lastSeenAt: number
  lockedAt: number | null
  /** The account, the workstation, the token certificate or a role that it began with is no longer good. */
  revoked: boolean
  /** When the leave to stand in for the key ends; null for a session that a key began. */
  fallbackEndsAt: number | null
}

export type SessionVerdict = { state: 'active' | 'locked' } | { state: 'ended'; reason: SessionEndReason }

/** When a session is over at the latest: with its certificate, or with the shift where that was made shorter since. */
export function endsAt(
  session: Pick<SessionFacts, 'startedAt' | 'expiresAt'>,
  policy: SessionPolicy,
): number {
  return Math.min(session.expiresAt, session.startedAt + policy.shiftMs)
}

/**
 * Where a live session stands now. Silence counts from `silenceSince` at the earliest: what the workstation could not have
 * known, or told, is not held against it.
 */
export function nextSessionState(
  session: SessionFacts,
  now: number,
  policy: SessionPolicy,
  silenceSince = 0,
): SessionVerdict {
  const ended = (reason: SessionEndReason): SessionVerdict => ({ state: 'ended', reason })
  if (session.revoked) return ended('revoked')
  if (session.fallbackEndsAt !== null && (!policy.fallbackAllowed || now >= session.fallbackEndsAt)) {
    return ended('fallback-over')
  }
  if (now >= endsAt(session, policy)) return ended('expired')
  if (now - Math.max(session.lastSeenAt, silenceSince) >= policy.silenceMs) return ended('no-sign-of-life')
  if (session.state === 'locked') {
    const since = session.lockedAt ?? session.lastActivityAt
    return now - since >= policy.endAfterMs ? ended('locked-too-long') : { state: 'locked' }
  }
  const idleMs = now - session.lastActivityAt
  if (idleMs >= policy.endAfterMs) return ended('idle')
  // The workstation locks by itself at lockAfterMs; one that does not is locked here, two reports later.
  return { state: idleMs >= policy.lockAfterMs + 2 * policy.activityEveryMs ? 'locked' : 'active' }
}

type Times = Pick<SessionFacts, 'startedAt' | 'expiresAt' | 'lastActivityAt' | 'lastSeenAt' | 'lockedAt'>

/**
 * What a gateway that was away takes a session's times for: restarted, or its machine asleep, or its clock set ahead. It heard
 * nothing meanwhile, so that silence starts anew, and one that looks idle gets the time to report what input there was.
 */
export function resumedTimes<T extends Times>(session: T, now: number, policy: SessionPolicy): T {
  const longest = Math.max(0, policy.endAfterMs - policy.silenceMs)
  return {
    ...session,
    lastSeenAt: now,
    lastActivityAt: Math.max(session.lastActivityAt, now - Math.min(policy.lockAfterMs, longest)),
    lockedAt: session.lockedAt === null ? null : Math.max(session.lockedAt, now - longest),
  }
}

/** A session's times under a clock that was set by `stepMs`: as old as before, and as long to go. */
export function redatedTimes<T extends Times>(session: T, stepMs: number): T {
  return {
    ...session,
    startedAt: session.startedAt + stepMs,
    expiresAt: session.expiresAt + stepMs,
    lastActivityAt: session.lastActivityAt + stepMs,
    lastSeenAt: session.lastSeenAt + stepMs,
    lockedAt: session.lockedAt === null ? null : session.lockedAt + stepMs,
  }
}
