import type { Contact } from '../../../shared/critical/model.ts'
import type { Announcements, Foundation } from '../../foundation.ts'
import type { Incoming } from '../../incoming/index.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { AlertEvents } from '../alerts/alert-events.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import type { Release } from '../alerts/release.ts'
import type { PolledTarget } from '../delivery/adapter.ts'
import type { Outbox } from '../delivery/outbox.ts'
import { createEscalation } from './escalation.ts'
import { createMllpReplyFeed } from './hl7/feed.ts'
import { createHttpReplyFeed } from './http/feed.ts'
import { createPolls } from './polls.ts'
import { createReplies, type TakeReply } from './replies.ts'
import { createStandingWatch } from './standing-watch.ts'

/** From "sent" to "closed": the answers of clinicians, and the clock that goes on telling until one comes. */
export interface Loop {
  readonly takeReply: TakeReply
  /** @throws Error naming the file or port that a listener of the configuration cannot be started with. */
  start(): Promise<void>
  /** A deadline may have changed. */
  wake(): void
  stop(): Promise<void>
}

/** @throws Error naming the file where keys of `replies` are missing or unfit. */
export function createLoop(deps: {
  foundation: Foundation
  announcements: Announcements
  damage: DamageReports
  events: AlertEvents
  alerts: AlertStore
  outbox: Outbox
  release: Release
  targets: readonly string[]
  polled: readonly PolledTarget[]
  incoming: Incoming
  /** Who can be told, by the dictionary in force. */
  contacts: () => readonly Contact[]
  /** Something was put into the outbox. */
  queued: () => void
}): Loop {
  const { foundation, incoming } = deps
  const { replies } = foundation.config
  const watch = createStandingWatch({ ...deps, mended: () => escalation.wake() })
  const escalation = createEscalation({ ...deps, mend: watch.mend })
  const takeReply = createReplies({ ...deps, mend: watch.mend })
  const polls = createPolls(foundation, { targets: deps.polled, takeReply })
  const feeds = [
    ...replies.http.map((config) => createHttpReplyFeed(foundation, { config, incoming, takeReply })),
    ...replies.mllp.map((config) => createMllpReplyFeed(foundation, { config, incoming, takeReply })),
  ]
  for (const feed of feeds) incoming.register(feed)

  return {
    takeReply,
    async start() {
      for (const feed of feeds) await feed.start()
      watch.start()
      escalation.start()
      polls.start()
    },
    wake: escalation.wake,
    async stop() {
      await Promise.all([...feeds.map((feed) => feed.stop()), polls.stop(), escalation.stop(), watch.stop()])
    },
  }
}
