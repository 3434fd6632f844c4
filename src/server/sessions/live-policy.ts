import type { Clock } from '../../shared/time/clock.ts'
import type { Policies } from '../policy/index.ts'
import {
  nextSessionState,
  type SessionFacts,
  type SessionPolicy,
  type SessionVerdict,
  sessionPolicy,
} from './policy.ts'

/** The policy in force, asked anew for each decision. */
export interface LivePolicy {
  current(): SessionPolicy
  /** Where a live session stands now. */
  judge(session: SessionFacts): SessionVerdict
  /** Counts silence from now on only: nobody could have been heard, or have known how often to speak. */
  forgiveSilence(): void
  /** Calls `listener` where times that a workstation goes by have changed; returns the function that stops it. */
  onChange(listener: (policy: SessionPolicy) => void): () => void
}

export function createLivePolicy(policies: Policies, clock: Clock): LivePolicy {
  let silenceSince = 0
  const current = () => sessionPolicy(policies.current())
  return {
    current,
    judge: (session) => nextSessionState(session, clock(), current(), Math.min(silenceSince, clock())),
    forgiveSilence() {
      silenceSince = clock()
    },
    onChange(listener) {
      let before = current()
      return policies.onChange((policy) => {
        const after = sessionPolicy(policy)
        const same =
          after.lockAfterMs === before.lockAfterMs && after.activityEveryMs === before.activityEveryMs
        // A workstation learns only now that it is to report more often.
        if (after.silenceMs < before.silenceMs) silenceSince = clock()
        before = after
        if (!same) listener(after)
      })
    },
  }
}
