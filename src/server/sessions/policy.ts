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
}

const minute = 60_000

export function sessionPolicy(
  rules: Pick<
    SecurityPolicy['session'],
    'shiftHours' | 'lockAfterMinutes' | 'endAfterMinutes' | 'silenceMinutes'
  >,
): SessionPolicy {
  const silenceMs = rules.silenceMinutes * minute
  return {
    shiftMs: rules.shiftHours * 60 * minute,
    lockAfterMs: rules.lockAfterMinutes * minute,
    endAfterMs: rules.endAfterMinutes * minute,
    silenceMs,
    // Several reports may be lost before the gateway takes the workstation for dead.
    activityEveryMs: Math.min(30_000, silenceMs / 4),
  }
}

/** What a session's fate is decided by. Times are epoch ms. */
export interface SessionFacts {
  state: 'active' | 'locked'
  expiresAt: number
  lastActivityAt: number
  lastSeenAt: number
  lockedAt: number | null
  /** The account, the workstation or the token certificate is no longer good. */
  revoked: boolean
}

export type SessionVerdict = { state: 'active' | 'locked' } | { state: 'ended'; reason: SessionEndReason }

/** Where a live session stands now. A clock that went back makes no time pass. */
export function nextSessionState(session: SessionFacts, now: number, policy: SessionPolicy): SessionVerdict {
  const ended = (reason: SessionEndReason): SessionVerdict => ({ state: 'ended', reason })
  if (session.revoked) return ended('revoked')
  if (now >= session.expiresAt) return ended('expired')
  if (now - session.lastSeenAt >= policy.silenceMs) return ended('no-sign-of-life')
  if (session.state === 'locked') {
    const since = session.lockedAt ?? session.lastActivityAt
    return now - since >= policy.endAfterMs ? ended('locked-too-long') : { state: 'locked' }
  }
  const idleMs = now - session.lastActivityAt
  if (idleMs >= policy.endAfterMs) return ended('idle')
  // The workstation locks by itself at lockAfterMs; one that does not is locked here, two reports later.
  return { state: idleMs >= policy.lockAfterMs + 2 * policy.activityEveryMs ? 'locked' : 'active' }
}

/**
 * What a restarted gateway takes a session's times for. It heard nothing while it was away, so that silence starts anew, and
 * one that looks idle gets the time to report what input there was.
 */
export function resumedTimes(
  session: SessionFacts,
  now: number,
  policy: SessionPolicy,
): Pick<SessionFacts, 'lastSeenAt' | 'lastActivityAt' | 'lockedAt'> {
  const longest = Math.max(0, policy.endAfterMs - policy.silenceMs)
  return {
    lastSeenAt: now,
    lastActivityAt: Math.max(session.lastActivityAt, now - Math.min(policy.lockAfterMs, longest)),
    lockedAt: session.lockedAt === null ? null : Math.max(session.lockedAt, now - longest),
  }
}
