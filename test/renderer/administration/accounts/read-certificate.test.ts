import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  certificateText,
  readCertificate,
} from '../../../../src/renderer/administration/accounts/read-certificate.ts'
import { createSigner } from '../../../server/reports/signer.ts'

describe('a certificate that an officer pastes or chooses', async () => {
  const { certificate } = await createSigner('李明华, OU=放射科, O=医院')
  const der = Buffer.from(certificate, 'base64')
  const pem = `-----BEGIN CERTIFICATE-----\r\n${certificate.replace(/(.{64})/g, '$1\r\n')}\r\n-----END CERTIFICATE-----\r\n`
  const fingerprint = createHash('sha256').update(der).digest('hex')

  it.each([
    ['PEM', pem],
    ['PEM with words around it', `Bag Attributes\n${pem}\nbye`],
    ['base64 DER', certificate],
  ])('is read from %s', async (_, text) => {
    expect(await readCertificate(text)).toEqual({
      subject: 'CN=李明华, OU=放射科, O=医院',
      issuer: 'CN=李明华, OU=放射科, O=医院',
      notBefore: 0,
      notAfter: 4e12,
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
