import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  certificateText,
  readCertificate,
} from '../../../../src/renderer/administration/accounts/read-certificate.ts'
import { certificateOf } from '../../certificate.ts'

describe('a certificate that an officer pastes or chooses', () => {
  const certificate = certificateOf('/O=医院/OU=放射科/CN=李明华')
  const der = Buffer.from(certificate, 'base64')
  const pem = `-----BEGIN CERTIFICATE-----\r\n${certificate.replace(/(.{64})/g, '$1\r\n')}\r\n-----END CERTIFICATE-----\r\n`
  const known = new X509Certificate(der)
  const fingerprint = createHash('sha256').update(der).digest('hex')

  it.each([
    ['PEM', pem],
    ['PEM with words around it', `Bag Attributes\n${pem}\nbye`],
    ['base64 DER', certificate],
  ])('is read from %s', async (_, text) => {
    expect(await readCertificate(text)).toEqual({
      subject: 'O=医院, OU=放射科, CN=李明华',
      issuer: 'O=医院, OU=放射科, CN=李明华',
      notBefore: Date.parse(known.validFrom),
      notAfter: Date.parse(known.validTo),
      fingerprint,
    })
  })

  it('comes from a file as PEM or DER', async () => {
    expect(certificateText(Buffer.from(pem))).toBe(pem)
    expect(certificateText(der)).toBe(certificate)
  })

  it.each([
    '',
    'not a certificate',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'),
    certificate.slice(0, 200),
  ])('is none where there is none', async (text) => {
    expect(await readCertificate(text)).toBeNull()
  })
})
