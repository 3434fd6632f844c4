import { createHmac } from 'node:crypto'
import type { FactName, MessageFacts } from '../facts.ts'

/** The facts as nested JSON: `patient.name` is `{"patient": {"name": …}}`. All values are text, as mapped. */
export function webhookBody(facts: MessageFacts): string {
  const body: Record<string, Record<string, string>> = {}
  for (const name of Object.keys(facts) as FactName[]) {
    const [group = '', field = ''] = name.split('.')
    body[group] = { ...body[group], [field]: facts[name] }
  }
  return JSON.stringify({ version: 1, ...body })
}

/**
 * `t=<epoch seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. The receiver computes it anew, compares in constant time, and
 * refuses a `t` more than five minutes away from its own clock, so that what somebody overheard cannot be sent again later.
 */
export function signatureOf(body: string, at: number, secret: string): string {
  const seconds = Math.floor(at / 1000)
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${mac}`
}
