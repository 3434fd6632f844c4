import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** A CA of a log server's, that writes certificate and key of a name into files: `<file>.pem` and `<file>.key`. */
export async function createLogCa(dir: string, file: string) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${file}`,
    keys,
    signingAlgorithm: algorithm,
    serialNumber: '01',
    notBefore: new Date(Date.now() - 10 * day),
    notAfter: new Date(Date.now() + 10 * day),
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  await writeFile(join(dir, `${file}.pem`), ca.toString('pem'))

  return async (name: string, as = name, daysLeft = 5) => {
    const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.create({
      issuer: ca.subject,
      subject: `CN=${name}`,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      serialNumber: randomBytes(8).toString('hex').replace(/^./, '1'),
      notBefore: new Date(Date.now() - 9 * day),
      notAfter: new Date(Date.now() + daysLeft * day),
      extensions: [
        new BasicConstraintsExtension(false),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
      ],
    })
    await writeFile(join(dir, `${as}.pem`), certificate.toString('pem'))
    const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
    await writeFile(join(dir, `${as}.key`), key)
    await chmod(join(dir, `${as}.key`), 0o600)
  }
}
