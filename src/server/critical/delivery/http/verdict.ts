import type { Verdict } from '../adapter.ts'

/** Refusals that pass by themselves: timeout, too early, too many requests. */
const passing = new Set([408, 425, 429])
/** About us, not about the message: whoever mends the credentials mends every message that waits. */
const credentials = new Set([401, 403, 407])
/** A proxy that says that nobody is behind it. */
const nobodyThere = new Set([502, 503, 504])

/**
 * What an HTTP status (RFC 9110 chapter 15) says of a message. 409 is delivered: ids are the same on each attempt, so
 * what is in the way is the same message. Redirects are not followed: where a patient's data goes is configured.
 */
export function verdictOfStatus(status: number): Verdict {
  if ((status >= 200 && status < 300) || status === 409) return { outcome: 'delivered' }
  const error = `http:${status}`
  const lasting = status >= 400 && status < 500 && !passing.has(status) && !credentials.has(status)
  return { outcome: lasting ? 'refused' : 'retry', error }
}

/** True where the answer shows that the system itself did not answer. */
export function isSilent(status: number): boolean {
  return nobodyThere.has(status)
}
