import type { Logger } from 'pino'
import type { Clock, RandomBytes } from '../../../shared/time/clock.ts'
import type { Certificate } from '../certificate.ts'
import type { OcspAnswer } from './decision.ts'
import { fetchBytes } from './fetch-bytes.ts'
import { ocspRequest, readOcspResponse } from './ocsp.ts'

const largestResponse = 65_536
/** A good answer is not asked for again within this; a responder that is away is left alone for the shorter. */
const keepMs = 60_000
const awayMs = 10_000
const mostKept = 5000

/** Asks the responder of a certificate's CA. */
export interface OcspClient {
  ask(certificate: Certificate, issuer: Certificate): Promise<OcspAnswer>
}

export function createOcspClient(deps: {
  /** In the place of the responder that a certificate names. */
  url: string | undefined
  timeoutMs: number
  longestAgeMs(): number
  clock: Clock
  random: RandomBytes
  log: Logger
}): OcspClient {
  const { clock, random, log } = deps
  const kept = new Map<string, { answer: OcspAnswer; until: number }>()
  const asking = new Map<string, Promise<OcspAnswer>>()

  async function fetchAnswer(
    url: string,
    certificate: Certificate,
    issuer: Certificate,
  ): Promise<OcspAnswer> {
    const nonce = random(16)
    try {
      const body = { type: 'application/ocsp-request', bytes: ocspRequest(certificate, issuer, nonce) }
      const bytes = await fetchBytes(url, { largest: largestResponse, timeoutMs: deps.timeoutMs, body })
      const now = clock()
      const answer = readOcspResponse(bytes, {
        certificate,
        issuer,
        now,
        longestAgeMs: deps.longestAgeMs(),
        nonce,
      })
      if (answer.status === 'none') throw new Error('does not count')
      remember(certificate.fingerprint, answer.status, Math.min(now + keepMs, answer.until))
      return answer.status
    } catch (error) {
      log.warn({ why: error instanceof Error ? error.message : 'unknown' }, 'no OCSP answer')
      remember(certificate.fingerprint, 'none', clock() + awayMs)
      return 'none'
    }
  }

  function remember(fingerprint: string, answer: OcspAnswer, until: number): void {
    kept.set(fingerprint, { answer, until })
    if (kept.size <= mostKept) return
    const oldest = kept.keys().next()
    if (!oldest.done) kept.delete(oldest.value)
  }

  return {
    async ask(certificate, issuer) {
      const url = deps.url ?? certificate.ocspUrl
      if (!url) return 'unasked'
      const known = kept.get(certificate.fingerprint)
      if (known && clock() < known.until) return known.answer
      const running = asking.get(certificate.fingerprint)
      if (running) return running
      const answer = fetchAnswer(url, certificate, issuer).finally(() =>
        asking.delete(certificate.fingerprint),
      )
      asking.set(certificate.fingerprint, answer)
      return answer
    },
  }
}
