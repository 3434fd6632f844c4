import type { HttpReplyFeed } from '../../../config/index.ts'
import { decodeXml, nodesAt, readXml } from '../../delivery/soap/answer.ts'
import { replyCandidate } from '../../delivery/soap/replies.ts'

/**
 * The candidate of an answer in an XML body, by the configured paths and codes.
 * @throws Error, without a word of the body, where it is no XML, holds a document type, or not exactly one answer.
 */
export function replyOfXml(bytes: Buffer, { reply, ...reading }: NonNullable<HttpReplyFeed['xml']>): unknown {
  const [node, ...more] = nodesAt(readXml(decodeXml(bytes)), reply)
  if (node === undefined || more.length > 0) throw new SyntaxError('not one answer')
  return replyCandidate(node, reading)
}

/** What a SOAP client is answered; `code` is 0 for what was taken in. */
export function xmlAnswer(code: string, field: string): string {
  const result = `<resultCode>${code}</resultCode><resultText>${field}</resultText>`
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><CriticalValueReplyResponse>${result}</CriticalValueReplyResponse></soap:Body></soap:Envelope>`
}

/**
 * The candidate of an answer in a JSON body: what may be left out is filled in, a time may be epoch ms or ISO 8601 with its
 * zone. Everything else is the schema's to judge.
 * @throws SyntaxError, without a word of the body, where it is not a JSON object in UTF-8.
 */
export function replyOfJson(bytes: Buffer): unknown {
  const body = parsed(bytes)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new SyntaxError('not an object')
  const { at, ...rest } = body as Record<string, unknown>
  return { readBack: false, measure: '', opinion: '', ...rest, at: timeOf(at) }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new SyntaxError('not JSON')
  }
}

/** A time without a zone is nobody's to guess: it is left as it is, and refused. */
function timeOf(at: unknown): unknown {
  if (typeof at !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(at))
    return at
  const time = Date.parse(at)
  return Number.isNaN(time) ? at : time
}
