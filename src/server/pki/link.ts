import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, serialNumber } from './authority.ts'
import { fileName } from './files.ts'
import * as x509 from './x509.ts'

const suffix = '.link.pem'

/**
 * The old gateway CA's word for the new one: the new key, certified by the old (RFC 4210 4.4.1, "newWithOld"). Without it a
 * workstation takes no announced CA: who has stolen the server's key alone cannot bring in a CA of their own.
 */
export async function createLink(options: {
  dir: string
  generation: number
  from: Authority
  to: Authority
  now: number
}): Promise<void> {
  const { from, to, now } = options
  const link = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: to.certificate.subjectName.toJSON(),
    issuer: from.certificate.subjectName.toJSON(),
    notBefore: new Date(now - 86_400_000),
    notAfter: from.certificate.notAfter,
    publicKey: to.certificate.publicKey,
    signingKey: from.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const file = join(options.dir, `${fileName('gateway-ca', options.generation)}${suffix}`)
  await writeFile(file, `${link.toString('pem')}\n`, { flag: 'wx' })
}

/** PEM. @throws Error naming the file that is missing. */
export function readLink(dir: string, generation: number): Promise<string> {
  return readFile(join(dir, `${fileName('gateway-ca', generation)}${suffix}`), 'utf8')
}
