import { execFileSync } from 'node:child_process'

/** A person's certificate as it comes from a CA's desk, base64 DER; the subject as `openssl -subj` takes it. */
export function certificateOf(subject: string): string {
  const der = execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
    ].concat(['-utf8', '-subj', subject, '-days', '365', '-outform', 'DER']),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return der.toString('base64')
}
