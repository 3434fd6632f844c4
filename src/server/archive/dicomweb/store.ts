import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { VigilError } from '../../../shared/errors/index.ts'
import { DicomJson } from '../../../shared/study/index.ts'
import { readBody } from './http.ts'

/** A PACS's answer is a list of what it took. */
const answerLimit = 4 << 20

/**
 * STOW-RS (PS3.18 10.5): stores Part 10 files with their study. Not tried again by itself: a PACS that broke off may have
 * stored them.
 */
export function createPacsStore(options: { base: URL; authorization: string | null; timeoutMs: number }) {
  const { base, authorization, timeoutMs } = options
  const client = base.protocol === 'https:' ? https : http
  const root = base.href.replace(/\/+$/, '')

  /** @throws VigilError `store-refused` with the PACS's reason, `archive-unavailable` where it does not answer */
  return async function store(study: string, files: readonly Buffer[]): Promise<void> {
    const boundary = `vigil-${randomUUID()}`
    const body = Buffer.concat([
      ...files.flatMap((file) => [
        Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`, 'latin1'),
        file,
        Buffer.from('\r\n', 'latin1'),
      ]),
      Buffer.from(`--${boundary}--\r\n`, 'latin1'),
    ])
    const headers = {
      accept: 'application/dicom+json',
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      'content-length': body.length,
      ...(authorization ? { authorization } : {}),
    }
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = client.request(`${root}/studies/${study}`, {
        method: 'POST',
        headers,
        timeout: timeoutMs,
      })
      request.on('timeout', () => request.destroy(new Error('timeout')))
      request.on('error', reject)
      request.on('response', (answer) => {
        readBody(answer, answerLimit).then(
          (bytes) => resolve({ status: answer.statusCode ?? 0, text: bytes.toString('utf8') }),
          reject,
        )
      })
      request.end(body)
    }).catch((cause: unknown) => {
      throw new VigilError('archive-unavailable', {}, { cause })
    })
    refuseFailures(status, text)
  }
}

/** PS3.18 10.5.3: 200 all stored; 202 and 409 name what was not, with the failure reason of PS3.3 C.12.1 (0008,1197). */
export function refuseFailures(status: number, body: string): void {
  const reasons = failureReasons(body)
  const isTaken = status === 200 && reasons.length === 0
  if (isTaken) return
  if (status === 503 || status === 502 || status === 504) throw new VigilError('archive-unavailable')
  const [reason] = reasons
  throw new VigilError('store-refused', {
    status,
    ...(reason === undefined ? {} : { reason: `0x${reason.toString(16).toUpperCase().padStart(4, '0')}` }),
  })
}

function failureReasons(body: string): number[] {
  try {
    const parsed: unknown = JSON.parse(body)
    const answers = DicomJson.array().parse(Array.isArray(parsed) ? parsed : [parsed])
    return answers.flatMap((answer) => {
      const failed = (answer['00081198'] as { Value?: unknown[] } | undefined)?.Value ?? []
      return failed.map((item) =>
        Number((item as Record<string, { Value?: unknown[] }>)?.['00081197']?.Value?.[0] ?? 0),
      )
    })
  } catch {
    return []
  }
}
