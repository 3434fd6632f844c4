import type { Attempt, Verdict } from '../adapter.ts'
import { type HttpAnswer, type HttpClient, type HttpRequest, HttpTrouble } from './client.ts'
import { rawExchange } from './raw-exchange.ts'
import { isSilent, verdictOfStatus } from './verdict.ts'

/** What the receiver said in the body: a verdict that counts more than the status, and its own words. */
export interface Judgement {
  verdict: Verdict
  receiverText?: string
}

/** One message over HTTP, with what it came to. */
export async function attemptOverHttp(
  client: HttpClient,
  request: HttpRequest,
  signal: AbortSignal,
  options: {
    secrets: readonly string[]
    secretHeader?: string
    text?: (body: Buffer, contentType: string | undefined) => string
    judge?: (answer: HttpAnswer) => Judgement
  },
): Promise<Attempt> {
  try {
    const answer = await client.call(request, signal)
    const judgement = options.judge?.(answer) ?? { verdict: verdictOfStatus(answer.status) }
    return { ...judgement, silent: isSilent(answer.status), exchange: rawExchange(request, answer, options) }
  } catch (error) {
    if (!(error instanceof HttpTrouble)) throw error
    return {
      verdict: { outcome: 'retry', error: error.code },
      // An answer that cannot be read is none.
      silent: true,
      exchange: rawExchange(request, null, options),
    }
  }
}
