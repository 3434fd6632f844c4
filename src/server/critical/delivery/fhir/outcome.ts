import { z } from 'zod'
import type { Judgement } from '../http/attempt.ts'
import type { HttpAnswer } from '../http/client.ts'
import { verdictOfStatus } from '../http/verdict.ts'

const OperationOutcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z
    .array(
      z.object({
        severity: z.string(),
        code: z.string(),
        diagnostics: z.string().optional(),
        details: z.object({ text: z.string().optional() }).optional(),
      }),
    )
    .min(1),
})

/** http://hl7.org/fhir/issue-type: those that pass by themselves, whatever the status. */
const passing = new Set([
  'transient',
  'lock-error',
  'no-store',
  'exception',
  'timeout',
  'incomplete',
  'throttled',
  'login',
  'expired',
  'unknown',
  'forbidden',
  'security',
])

/**
 * The verdict on a FHIR server's answer: the status, and the OperationOutcome that explains it. A success that is no JSON
 * comes from something else than a FHIR server (a proxy's page, say) and is none.
 */
export function judgeFhir(answer: HttpAnswer): Judgement {
  const verdict = verdictOfStatus(answer.status)
  const type = answer.headers['content-type'] ?? ''
  const json = /\bjson\b/i.test(type)
  if (verdict.outcome === 'delivered')
    return answer.body.length > 0 && !json
      ? { verdict: { outcome: 'retry', error: 'answer-unreadable' } }
      : { verdict }
  const outcome = json ? read(answer.body) : null
  const issue =
    outcome?.issue.find(({ severity }) => severity === 'fatal' || severity === 'error') ?? outcome?.issue[0]
  if (!issue) return { verdict }
  const receiverText = (issue.diagnostics ?? issue.details?.text ?? '').slice(0, 200)
  if (issue.code === 'duplicate') return { verdict: { outcome: 'delivered' }, receiverText }
  const error = `${verdict.error}:${/^[a-z-]{1,24}$/.test(issue.code) ? issue.code : 'other'}`
  return { verdict: { outcome: passing.has(issue.code) ? 'retry' : verdict.outcome, error }, receiverText }
}

function read(body: Buffer) {
  try {
    return OperationOutcome.parse(JSON.parse(body.toString('utf8')))
  } catch {
    return null
  }
}
