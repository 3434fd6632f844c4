import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeCertificate } from '../../../src/main/tokens/fitness.ts'
import { ecdsaToDer } from '../../../src/main/tokens/pkcs11/ecdsa.ts'
import { removedBetween } from '../../../src/main/tokens/watch.ts'
import { temporary } from '../temporary.ts'
import { makeKey, type TestKeyType } from './softhsm.ts'

const day = 86_400_000

describe('fitness of a certificate for sign-in', () => {
  const dir = temporary('fitness')
  const make = (name: string, type: TestKeyType, extra: string[] = []) =>
    new X509Certificate(readFileSync(makeKey(dir, name, type, 10, extra).certFile))
  const unfit = (certificate: X509Certificate, now = Date.now()) =>
    describeCertificate('id', certificate, now).unfit

  it('accepts digitalSignature, and no key usage at all', () => {
    expect(unfit(make('signing', 'p256'))).toBeNull()
    expect(unfit(make('any', 'p256', ['-addext', 'subjectKeyIdentifier=hash']))).toBeNull()
    expect(unfit(make('both', 'rsa', ['-addext', 'keyUsage=digitalSignature,keyEncipherment']))).toBeNull()
  })

  it('refuses other usages, and dates', () => {
    expect(unfit(make('encrypt', 'rsa', ['-addext', 'keyUsage=critical,keyEncipherment']))).toBe('key-usage')
    const certificate = make('dated', 'p256')
    expect(unfit(certificate, Date.now() + 11 * day)).toBe('expired')
    expect(unfit(certificate, Date.now() - day)).toBe('not-yet-valid')
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
