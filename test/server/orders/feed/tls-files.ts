import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A hospital's CA with a certificate for a listener and one for a sender, and a sender's of another CA; PEM, by openssl. */
export function writeTlsFiles(dir: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  for (const ca of ['feed-ca', 'other-ca'])
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${ca}.key`,
      '-out',
      `${ca}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${ca}`,
    )
  writeFileSync(join(dir, 'names.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  for (const [name, ca] of [
    ['feed', 'feed-ca'],
    ['sender', 'feed-ca'],
    ['stranger', 'other-ca'],
  ]) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial'],
      ...['-out', `${name}.pem`, '-days', '2', '-extfile', 'names.ext'],
    )
  }
}
