import type { FhirTarget } from '../../../config/index.ts'
import type { DeliveryAdapter, OutgoingMessage } from '../adapter.ts'
import { codeMapping } from '../codes.ts'
import { readHeaderSecret } from '../files.ts'
import { attemptOverHttp } from '../http/attempt.ts'
import { createHttpClient, type HttpRequest } from '../http/client.ts'
import { communication, fhirCodes } from './communication.ts'
import { judgeFhir } from './outcome.ts'
import { readReplies, replySearch } from './replies.ts'

/** Alerts in one search: an address has to stay of a length that servers take. */
const perSearch = 40

/**
 * FHIR R4, one Communication an alert. It is created on condition that there is none of its identifier, so that a repeat
 * makes no second one; everything later is an update on the same condition (R4 RESTful API, conditional create and update).
 * @throws Error naming the file where the token or a certificate is missing.
 */
export function createFhirAdapter(target: FhirTarget): DeliveryAdapter {
  const { systems, tokenFile } = target
  const client = createHttpClient(target)
  const code = codeMapping(target.codes, fhirCodes)
  const base = target.url.replace(/\/+$/, '')
  // A token is renewed by others: this only finds out at the start whether it is there.
  if (tokenFile) readHeaderSecret(tokenFile)

  function requestOf(message: OutgoingMessage, token: string): HttpRequest {
    const identifier = `${systems.alert}|${message.alert.id}`
    const url = new URL(`${base}/Communication`)
    const headers: Record<string, string> = {
      'content-type': 'application/fhir+json; charset=utf-8',
      accept: 'application/fhir+json',
      ...authorization(token),
    }
    const body = Buffer.from(JSON.stringify(communication(message, systems, code)))
    if (message.detail.kind === 'notice') {
      headers['if-none-exist'] = `identifier=${encodeURIComponent(identifier)}`
      return { method: 'POST', url, headers, body }
    }
    url.searchParams.set('identifier', identifier)
    return { method: 'PUT', url, headers, body }
  }

  const adapter: DeliveryAdapter = {
    async send(message, signal) {
      const token = currentToken(tokenFile)
      if (token === null)
        return {
          verdict: { outcome: 'retry', error: 'token-unreadable' },
          silent: false,
          exchange: { request: '', response: null },
        }
      return attemptOverHttp(client, requestOf(message, token), signal, {
        secrets: [token],
        judge: judgeFhir,
      })
    },
    close: client.close,
  }
  if (!target.poll) return adapter
  return {
    ...adapter,
    async poll(alertIds, signal) {
      const token = currentToken(tokenFile)
      if (token === null) throw new Error('token-unreadable')
      const headers = { accept: 'application/fhir+json', ...authorization(token) }
      const replies = []
      for (let from = 0; from < alertIds.length; from += perSearch) {
        const url = replySearch(base, alertIds.slice(from, from + perSearch), systems)
        const answer = await client.call({ method: 'GET', url, headers }, signal)
        if (answer.status !== 200) throw new Error(`http:${answer.status}`)
        replies.push(...readReplies(answer.body.toString('utf8'), systems))
      }
      return replies
    },
  }
}

const authorization = (token: string): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

/** Empty where none is configured, null where it cannot be read now. */
function currentToken(file: string | undefined): string | null {
  if (!file) return ''
  try {
    return readHeaderSecret(file)
  } catch {
    return null
  }
}
