import type { SoapTarget } from '../../../config/index.ts'
import type { Judgement } from '../http/attempt.ts'
import type { HttpAnswer } from '../http/client.ts'
import { verdictOfStatus } from '../http/verdict.ts'
import { decodeXml, readXml, textAt } from './answer.ts'

/** The receiver's own words that are kept, at most. */
const longestText = 200

/**
 * The verdict on an answer. What counts is the result code that the configuration names; 500 is how a fault comes (SOAP 1.1,
 * 6.2). A message is given up only for a code that the configuration says will not go away, a fault's code among them.
 */
export function judgeSoap(answer: HttpAnswer, { result }: Pick<SoapTarget, 'result'>): Judgement {
  const ok = answer.status >= 200 && answer.status < 300
  if (!ok && answer.status !== 500) return { verdict: verdictOfStatus(answer.status) }
  try {
    const root = readXml(decodeXml(answer.body, answer.headers['content-type']))
    const value = textAt(root, result.path)
    const receiverText = (textAt(root, result.text) ?? faultText(root)).slice(0, longestText)
    if (ok && value !== null && result.success.includes(value))
      return { verdict: { outcome: 'delivered' }, receiverText }
    const code = value ?? faultCode(root)
    if (code === null) return { verdict: { outcome: 'retry', error: 'result-missing' }, receiverText }
    const error = `${value === null ? 'fault' : 'result'}:${shown(code)}`
    const outcome = result.refused.includes(code) ? 'refused' : 'retry'
    return { verdict: { outcome, error }, receiverText }
  } catch {
    return { verdict: { outcome: 'retry', error: ok ? 'answer-unreadable' : `http:${answer.status}` } }
  }
}

type Root = ReturnType<typeof readXml>

/** SOAP 1.1 faultcode or 1.2 Code/Value, without its prefix. */
function faultCode(root: Root): string | null {
  const fault = 'Envelope/Body/Fault'
  const code = textAt(root, `${fault}/faultcode`) ?? textAt(root, `${fault}/Code/Value`)
  return code === null ? null : code.replace(/^.*:/, '')
}

function faultText(root: Root): string {
  const fault = 'Envelope/Body/Fault'
  return textAt(root, `${fault}/faultstring`) ?? textAt(root, `${fault}/Reason/Text`) ?? ''
}

/** A code is for people and statistics, in clear: words are not a code. */
function shown(code: string): string {
  return /^[\w.-]{1,24}$/.test(code) ? code : 'other'
}
