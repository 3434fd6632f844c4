import { type Failure, failureOf, VigilError } from '../../shared/errors/index.ts'

/** What Fastify itself throws before a handler runs, as far as it is looked at. */
interface FrameworkError {
  code?: unknown
  statusCode?: unknown
}

/** The failure to answer for anything thrown on the way of a request: ours as it is, the framework's by kind, the rest `internal`. */
export function wireFailure(thrown: unknown): Failure {
  if (thrown instanceof VigilError) return failureOf(thrown)
  const { code, statusCode } = (thrown ?? {}) as FrameworkError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { code: 'too-large', facts: { where: 'body' } }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { code: 'bad-request', facts: { where: 'content-type' } }
  if (code === 'FST_ERR_BAD_URL') return { code: 'bad-request', facts: { where: 'path' } }
  // A path parameter longer than the router takes (RFC 9110 15.5.15).
  if (statusCode === 414) return { code: 'too-large', facts: { where: 'path' } }
  if (statusCode === 400) return { code: 'bad-request', facts: { where: 'body' } }
  return { code: 'internal' }
}

/** An unexpected error for the log: its type and where it came from, never its message, which may quote what was sent. */
export function loggable(thrown: unknown): { type: string; at: string[] } {
  if (!(thrown instanceof Error)) return { type: typeof thrown, at: [] }
  // A message of several lines could look like a place in the code.
  const at = (thrown.stack ?? '')
    .replace(thrown.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return { type: thrown.name, at: at.slice(0, 8).map((line) => line.trim()) }
}
