import type { MllpReplyFeed } from '../../../config/index.ts'
import type { Foundation } from '../../../foundation.ts'
import { Hl7Error } from '../../../hl7/index.ts'
import { createHl7Feed, type Hl7Feed, type Incoming } from '../../../incoming/index.ts'
import { problemOf, type TakeReply } from '../replies.ts'
import { replyOfMessage } from './reply-message.ts'

/** Answers as ORU^R01 over MLLP. */
export function createMllpReplyFeed(
  foundation: Foundation,
  deps: { config: MllpReplyFeed; incoming: Incoming; takeReply: TakeReply },
): Hl7Feed {
  const { config, incoming, takeReply } = deps
  return createHl7Feed(foundation, {
    incoming,
    config,
    kind: 'replies-mllp',
    async take(message, { peer, by }) {
      const { candidate, where } = replyOfMessage(message, config)
      const origin = { source: 'mllp' as const, system: config.name }
      const taken = await takeReply(candidate, {
        ...origin,
        ...(peer === '' ? {} : { address: peer }),
        ...(by === undefined ? {} : { by }),
      })
      if (taken.outcome !== 'refused') return
      const { reason } = problemOf(taken)
      throw new Hl7Error(reason, where[taken.field] || 'OBX')
    },
  })
}
