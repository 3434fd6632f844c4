import { z } from 'zod'
import type { Clock } from '../../../../shared/time/clock.ts'
import type { WebhookTarget } from '../../../config/index.ts'
import type { DeliveryAdapter } from '../adapter.ts'
import { codeMapping } from '../codes.ts'
import { messageFacts } from '../facts.ts'
import { readSecret } from '../files.ts'
import { attemptOverHttp } from '../http/attempt.ts'
import { createHttpClient } from '../http/client.ts'
import { signatureOf, webhookBody } from './body.ts'

const Replies = z.object({ replies: z.array(z.unknown()).max(1000) })

/** JSON by POST, signed. @throws Error naming the file where the secret or a certificate is missing. */
export function createWebhookAdapter(target: WebhookTarget, clock: Clock): DeliveryAdapter {
  const secret = readSecret(target.secretFile)
  const client = createHttpClient(target)
  const code = codeMapping(target.codes)
  const url = new URL(target.url)

  const adapter: DeliveryAdapter = {
    send(message, signal) {
      const body = webhookBody(messageFacts(message, code))
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        'idempotency-key': message.controlId,
        'x-vigil-signature': signatureOf(body, message.sentAt, secret),
      }
      const request = { method: 'POST' as const, url, headers, body: Buffer.from(body) }
      return attemptOverHttp(client, request, signal, { secrets: [secret] })
    },
    close: client.close,
  }
  const { poll } = target
  if (!poll) return adapter
  return {
    ...adapter,
    async poll(alertIds, signal) {
      const asked = new URL(poll.url)
      asked.searchParams.set('alerts', alertIds.join(','))
      const headers = {
        accept: 'application/json',
        'x-vigil-signature': signatureOf(`${asked.pathname}${asked.search}`, clock(), secret),
      }
      const answer = await client.call({ method: 'GET', url: asked, headers }, signal)
      if (answer.status !== 200) throw new Error(`http:${answer.status}`)
      return repliesOf(answer.body)
    },
  }
}

/** The candidates of answers. @throws Error `answer-unreadable` */
function repliesOf(body: Buffer): unknown[] {
  try {
    return Replies.parse(JSON.parse(body.toString('utf8'))).replies
  } catch {
    throw new Error('answer-unreadable')
  }
}
