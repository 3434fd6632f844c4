import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chooseCertificate, describeCertificate } from '../../../src/main/tokens/fitness.ts'
import { ecdsaToDer } from '../../../src/main/tokens/pkcs11/ecdsa.ts'
import { removedBetween } from '../../../src/main/tokens/watch.ts'
import { readCertificate } from '../../../src/server/identity/certificate.ts'
import { unfitness } from '../../../src/server/identity/certificate-path.ts'
import type { TokenCertificate } from '../../../src/shared/ipc/index.ts'
import { temporary } from '../temporary.ts'
import { makeKey, type TestKeyType } from './softhsm.ts'

const day = 86_400_000
const digital = 'keyUsage=critical,digitalSignature'

describe('fitness of a certificate for sign-in', () => {
  const dir = temporary('fitness')
  const make = (name: string, type: TestKeyType, extra: string[] = []) =>
    new X509Certificate(readFileSync(makeKey(dir, name, type, 10, extra).certFile))
  const unfit = (certificate: X509Certificate, now = Date.now()) =>
    describeCertificate('id', certificate, now).unfit

  it.each<[string, TestKeyType, string[], TokenCertificate['unfit']]>([
    ['digitalSignature', 'p256', ['keyUsage=critical,digitalSignature'], null],
    ['digitalSignature among others', 'rsa', ['keyUsage=digitalSignature,keyEncipherment'], null],
    ['no key usage', 'p256', ['subjectKeyIdentifier=hash'], 'key-usage'],
    ['encryption', 'rsa', ['keyUsage=critical,keyEncipherment'], 'key-usage'],
    ['nonRepudiation', 'p256', ['keyUsage=critical,nonRepudiation'], 'key-usage'],
    ['clientAuth', 'p256', [digital, 'extendedKeyUsage=clientAuth'], null],
    ['clientAuth and mail', 'p256', [digital, 'extendedKeyUsage=emailProtection,clientAuth'], null],
    ['mail alone', 'p256', [digital, 'extendedKeyUsage=emailProtection'], 'extended-key-usage'],
    ['any extended usage', 'p256', [digital, 'extendedKeyUsage=anyExtendedKeyUsage'], 'extended-key-usage'],
    ['an unknown critical extension', 'p256', [digital, '1.2.3.4=critical,ASN1:NULL'], 'key-usage'],
    ['an unknown extension', 'p256', [digital, '1.2.3.4=ASN1:NULL'], null],
    ['P-384', 'p384', [digital], null],
    ['RSA 3072', 'rsa3072', [digital], null],
    ['RSA 1024', 'rsa1024', [digital], 'key-type'],
    ['P-521', 'p521', [digital], 'key-type'],
    ['brainpoolP256r1', 'brainpool', [digital], 'key-type'],
  ])('%s: as the gateway judges', (name, type, extensions, expected) => {
    const certificate = make(
      name.replaceAll(' ', '-'),
      type,
      extensions.flatMap((line) => ['-addext', line]),
    )
    expect(unfit(certificate)).toBe(expected)
    expect(unfitness(readCertificate(certificate.raw)) === null).toBe(expected === null)
  })

  it('refuses a certificate out of its time', () => {
    const certificate = make('dated', 'p256')
    expect(unfit(certificate, Date.now() + 11 * day)).toBe('expired')
    expect(unfit(certificate, Date.now() - day)).toBe('not-yet-valid')
  })

  it('chooses the fit one among several; dates alone leave the answer to the gateway', () => {
    const [mail, fit, encrypt] = [
      make('mail', 'p256', ['-addext', digital, '-addext', 'extendedKeyUsage=emailProtection']),
      make('fit', 'p256'),
      make('encrypt', 'rsa', ['-addext', 'keyUsage=keyEncipherment']),
    ].map((certificate) => ({ certificate }))
    const choose = (...of: (typeof fit)[]) =>
      chooseCertificate(
        of.flatMap((one) => one ?? []),
        Date.now(),
      )
    expect(choose(mail, encrypt, fit)).toBe(fit)
    expect(() => choose(mail, encrypt)).toThrow('token-certificate-unsuitable')
    expect(() => choose()).toThrow('token-certificate-unsuitable')
    const later = Date.now() + 11 * day
    expect(
      chooseCertificate(
        [mail, fit].flatMap((one) => one ?? []),
        later,
      ),
    ).toBe(fit)
  })
})

describe('ECDSA in DER', () => {
  it('drops leading zeros and adds a sign octet where the first bit is set', () => {
    expect(ecdsaToDer(Buffer.from('00017f00', 'hex')).toString('hex')).toBe('300702010102027f00')
    expect(ecdsaToDer(Buffer.from('80000001', 'hex')).toString('hex')).toBe('30080203008000020101')
    expect(() => ecdsaToDer(Buffer.from('000102', 'hex'))).toThrow(RangeError)
  })
})

describe('tokens taken out between two looks', () => {
  const sighting = (id: string, insertion: string) => ({
    token: { id, kind: 'pkcs11' as const, label: id, certificates: [], pin: 'ok' as const },
    insertion,
  })
  it('sees absence, and a token that was put back at once', () => {
    const before = [sighting('a', '1'), sighting('b', '1'), sighting('c', '1')]
    expect(removedBetween(before, [sighting('a', '1'), sighting('b', '2')])).toEqual(['b', 'c'])
  })
})
