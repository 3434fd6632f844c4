import type { IncomingFeed } from '../../shared/api/index.ts'
import type { Problem } from '../hl7/index.ts'

/** One way that messages come in by, as the administrator sees it and sends quarantined messages again through. */
export interface Feed {
  readonly name: string
  view(): IncomingFeed
  /**
   * Takes a message in on the same path as one that comes over the wire: its bytes, or a corrected text in their place where
   * the feed is of orders.
   * @returns why it still cannot be taken in, or null.
   */
  replay(message: { bytes: Buffer; text?: string }, by: string): Promise<Problem | null>
}

/** What a feed has counted since the gateway started. */
export interface FeedCounters {
  received: number
  accepted: number
  quarantined: number
  turnedAway: number
  lastMessageAt: number | null
}

export function newFeedCounters(): FeedCounters {
  return { received: 0, accepted: 0, quarantined: 0, turnedAway: 0, lastMessageAt: null }
}
