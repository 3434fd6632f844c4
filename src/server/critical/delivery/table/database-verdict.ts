import type { Verdict } from '../adapter.ts'

/**
 * What an error of PostgreSQL says of a message, by its SQLSTATE (PostgreSQL manual, appendix A). Class 22 (data exception:
 * too long, wrong form) and 23 (integrity constraint) are about this row and will not go away. Everything else, a missing
 * table or privilege too, is about the database, and every message waits until somebody has mended it.
 */
export function databaseVerdict(error: unknown): {
  verdict: Verdict
  silent: boolean
  sqlState: string | null
} {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const sqlState = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code) ? code : null
  if (sqlState === null)
    return { verdict: { outcome: 'retry', error: troubleOf(code) }, silent: true, sqlState }
  const lasting = sqlState.startsWith('22') || sqlState.startsWith('23')
  return {
    verdict: { outcome: lasting ? 'refused' : 'retry', error: `sql:${sqlState}` },
    // Class 57 and 53: shutting down, starting up, no connection left.
    silent: /^(57P|53)/.test(sqlState),
    sqlState,
  }
}

function troubleOf(code: string): string {
  if (['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].includes(code))
    return 'unreachable'
  return /CERT|SIGNATURE|ISSUER|SSL|TLS/.test(code) ? 'untrusted' : 'disconnected'
}
