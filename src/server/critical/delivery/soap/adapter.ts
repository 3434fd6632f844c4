import type { Clock } from '../../../../shared/time/clock.ts'
import type { SoapTarget } from '../../../config/index.ts'
import { encodeText } from '../../../hl7/index.ts'
import type { DeliveryAdapter } from '../adapter.ts'
import { codeMapping } from '../codes.ts'
import { type FactName, factNames, messageFacts } from '../facts.ts'
import { readHeaderSecret, readSecret, readText } from '../files.ts'
import { attemptOverHttp } from '../http/attempt.ts'
import { createHttpClient, type HttpRequest } from '../http/client.ts'
import { localTime } from '../times.ts'
import { decodeXml } from './answer.ts'
import { readReplies } from './replies.ts'
import { judgeSoap } from './result.ts'
import { compileTemplate } from './template.ts'

/** What a template may name beside the message's facts. */
const envelope = ['soap.namespace', 'soap.charset'] as const
const polled = ['poll.alertIds', 'poll.at'] as const
const namespaces = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

/** A SOAP web service. @throws Error naming the file, and the line of a template, that is missing or wrong. */
export function createSoapAdapter(target: SoapTarget, clock: Clock): DeliveryAdapter {
  const { calls, version, charset } = target
  const client = createHttpClient(target)
  const { header, secrets, secretHeader } = credentials(target.auth)
  const code = codeMapping(target.codes)
  const url = new URL(target.url)
  const envelopeFacts = { 'soap.namespace': namespaces[version], 'soap.charset': charset }
  const compiled = (file: string) =>
    compileTemplate<FactName | (typeof envelope)[number]>(readText(file), file, [...factNames, ...envelope])
  const templates = {
    notice: compiled(calls.notice.template),
    cancel: compiled(calls.cancel.template),
    escalation: compiled(calls.escalation.template),
    reroute: compiled(calls.reroute.template),
  }

  function requestOf(action: string, body: string): HttpRequest {
    const type = version === '1.1' ? 'text/xml' : 'application/soap+xml'
    const headers: Record<string, string> = {
      'content-type': `${type}; charset=${charset}${version === '1.2' && action ? `; action="${action}"` : ''}`,
      accept: type,
      ...(version === '1.1' ? { soapaction: `"${action}"` } : {}),
      ...header,
    }
    return { method: 'POST', url, headers, body: encodeText(body, charset) }
  }

  const adapter: DeliveryAdapter = {
    send(message, signal) {
      const { kind } = message.detail
      const body = templates[kind]({ ...messageFacts(message, code), ...envelopeFacts })
      return attemptOverHttp(client, requestOf(calls[kind].action, body), signal, {
        secrets,
        ...(secretHeader ? { secretHeader } : {}),
        text: (body, type) => decodeXml(body, type),
        judge: (answer) => judgeSoap(answer, target),
      })
    },
    close: client.close,
  }
  const { poll } = target
  if (!poll) return adapter
  const { call } = poll
  const query = compileTemplate(readText(call.template), call.template, [...envelope, ...polled])
  return {
    ...adapter,
    async poll(alertIds, signal) {
      const facts = { 'poll.alertIds': alertIds.join(','), 'poll.at': localTime(clock()) }
      const answer = await client.call(requestOf(call.action, query({ ...envelopeFacts, ...facts })), signal)
      if (answer.status !== 200) throw new Error(`http:${answer.status}`)
      return readReplies(decodeXml(answer.body, answer.headers['content-type']), poll)
    },
  }
}

function credentials(auth: SoapTarget['auth']) {
  if (!auth) return { header: {}, secrets: [] }
  if (auth.kind === 'basic') {
    const password = readSecret(auth.passwordFile)
    const pair = Buffer.from(`${auth.username}:${password}`).toString('base64')
    return { header: { authorization: `Basic ${pair}` }, secrets: [password, pair] }
  }
  const value = readHeaderSecret(auth.valueFile)
  return { header: { [auth.name.toLowerCase()]: value }, secrets: [value], secretHeader: auth.name }
}
