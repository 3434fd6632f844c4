import type { RawExchange } from '../../../../shared/api/index.ts'
import type { HttpAnswer, HttpRequest } from './client.ts'

/** Longest text of either side that is shown. */
const most = 16_384
const secretHeaders = /^(authorization|proxy-authorization|cookie|set-cookie|x-vigil-signature)$/i

/** An exchange as text. Headers that carry credentials, and the secrets themselves wherever they turn up, are `***`. */
export function rawExchange(
  request: HttpRequest,
  answer: HttpAnswer | null,
  options: {
    secrets: readonly string[]
    secretHeader?: string
    text?: (body: Buffer, contentType: string | undefined) => string
  },
): RawExchange {
  const { secrets, secretHeader, text = (body) => body.toString('utf8') } = options
  const isSecret = (name: string) =>
    secretHeaders.test(name) || name.toLowerCase() === secretHeader?.toLowerCase()
  const lines = (headers: Record<string, string | string[] | undefined>) =>
    Object.entries(headers).map(([name, value]) => `${name}: ${isSecret(name) ? '***' : String(value)}`)
  const shown = (parts: string[]) => cap(hideSecrets(parts.join('\n'), secrets))
  const { pathname, search, host } = request.url
  return {
    request: shown([
      `${request.method} ${pathname}${search} HTTP/1.1`,
      `host: ${host}`,
      ...lines(request.headers),
      '',
      request.body ? text(request.body, request.headers['content-type']) : '',
    ]),
    response:
      answer &&
      shown([
        `HTTP/1.1 ${answer.status}`,
        ...lines(answer.headers),
        '',
        text(answer.body, answer.headers['content-type']),
      ]),
  }
}

/** A receiver may send back what it was sent: no secret is shown, in itself or as base64. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64')])
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}

export function cap(text: string): string {
  return text.length > most ? `${text.slice(0, most)}\n… (${text.length})` : text
}
