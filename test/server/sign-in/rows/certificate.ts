import { writeFile } from 'node:fs/promises'
import { createHospitalCa, type UserCertificateRequest } from '../../../../demo/hospital-ca.ts'
import { x509 } from '../../../../src/server/pki/index.ts'
import type { SignatureAlgorithm } from '../../../../src/shared/api/index.ts'
import type { ErrorCode, ErrorFacts } from '../../../../src/shared/errors/index.ts'
import type { Signer } from '../../sign-in-client.ts'
import { extensions, oddCertificate } from '../odd-certificates.ts'
import { by, day, hour, minute, type Reader, type Row, type Stage } from '../stage.ts'

type Request = Partial<UserCertificateRequest>

const good = (name: string, keyType: 'RSA-2048' | 'P-256' | 'P-384', algorithm: SignatureAlgorithm): Row => ({
  name: `a good ${keyType} key that signs ${algorithm}${name}`,
  async given(stage) {
    const person = await stage.person({ keyType })
    const signer = { ...person.signer, algorithm }
    return {
      act: () => stage.enter({ signer }),
      whose: person.accountId,
      audited: { certificate: person.fingerprint },
    }
  },
})

/** A certificate of the hospital's that is bound to its person, and is not as it should be. */
const unfit = (
  name: string,
  code: ErrorCode,
  request: (now: number) => Request,
  facts: ErrorFacts = {},
): Row => ({
  name,
  code,
  async given(stage) {
    const certificate = request(Math.floor(stage.clock() / 1000) * 1000)
    const person = await stage.person({ certificate })
    const { notBefore, notAfter } = certificate
    return {
      act: () => stage.enter(person),
      facts: {
        ...facts,
        ...(code === 'certificate-expired' ? { notAfter: notAfter ?? 0 } : {}),
        ...(code === 'certificate-not-yet-valid' ? { notBefore: notBefore ?? 0 } : {}),
      },
      audited: { fingerprint: person.fingerprint, factor: 'certificate' },
    }
  },
})

/** A key of somebody whom the gateway knows, on a certificate that it should not trust. */
const odd = (name: string, code: ErrorCode, make: (stage: Stage) => Promise<Signer>, facts = {}): Row => ({
  name,
  code,
  async given(stage) {
    const signer = await make(stage)
    await stage.gateway.known(
      `odd.${name.replace(/\W/g, '').toLowerCase()}`.slice(0, 30),
      signer.certificateDer,
    )
    return { act: () => stage.enter({ signer }), facts }
  },
})

/** Under revocation lists that are not as they should be. */
const listed = (
  name: string,
  code: ErrorCode | undefined,
  arrange: (stage: Stage, person: Reader) => Promise<unknown>,
): Row => ({
  name,
  ...(code ? { code } : {}),
  async given(stage) {
    const person = await stage.person()
    await arrange(stage, person)
    return {
      act: () => stage.enter(person),
      whose: person.accountId,
      audited: code ? { fingerprint: person.fingerprint } : {},
    }
  },
})

const anotherCa = (commonName: string) => async (stage: Stage) => {
  const ca = await createHospitalCa({ commonName, now: stage.clock() })
  const key = await ca.issue({ commonName: 'foreign', keyType: 'P-256' })
  return { ...key, algorithm: 'ECDSA-SHA256' as const }
}

export const certificateRows: Row[] = [
  good('', 'P-256', 'ECDSA-SHA256'),
  good('', 'P-384', 'ECDSA-SHA384'),
  good('', 'RSA-2048', 'RSA-PSS-SHA256'),
  good('', 'RSA-2048', 'RSA-PKCS1-SHA256'),

  odd('a certificate of a CA that nobody trusts', 'certificate-untrusted', anotherCa('Other CA')),
  odd('a certificate of a CA of the same name', 'certificate-untrusted', anotherCa('Hospital CA')),
  odd('a certificate signed with RSA and SHA-1', 'certificate-untrusted', (stage) =>
    oddCertificate(stage.gateway.hospital, { signedWith: 'SHA-1', now: stage.clock() }),
  ),
  odd(
    'an RSA key of 1024 bits',
    'certificate-unsuitable',
    (stage) => oddCertificate(stage.gateway.hospital, { key: 'RSA-1024', now: stage.clock() }),
    { why: 'key-type' },
  ),
  odd(
    'a key on a curve that is not asked for',
    'certificate-unsuitable',
    (stage) => oddCertificate(stage.gateway.hospital, { key: 'P-521', now: stage.clock() }),
    { why: 'key-type' },
  ),

  unfit('an expired certificate', 'certificate-expired', (now) => ({
    notBefore: now - 9 * day,
    notAfter: now - minute,
  })),
  unfit('a certificate that is not valid yet', 'certificate-not-yet-valid', (now) => ({
    notBefore: now + hour,
  })),
  unfit(
    'a certificate for encryption',
    'certificate-unsuitable',
    () => ({ extensions: extensions({ usage: x509.KeyUsageFlags.keyEncipherment }) }),
    { why: 'key-usage' },
  ),
  unfit(
    'a certificate for servers',
    'certificate-unsuitable',
    () => ({ extensions: extensions({ eku: x509.ExtendedKeyUsage.serverAuth }) }),
    { why: 'extended-key-usage' },
  ),
  unfit('a certificate of a CA', 'certificate-unsuitable', () => ({ extensions: extensions({ ca: true }) }), {
    why: 'ca',
  }),
  unfit(
    'a certificate with a critical extension that nobody knows',
    'certificate-unsuitable',
    () => ({ extensions: extensions({ critical: '1.2.3.4.5' }) }),
    { why: 'critical-extension' },
  ),

  listed('a certificate on the revocation list', 'certificate-revoked', (stage, person) =>
    stage.gateway.revoke([person.serialNumber]),
  ),
  listed('a certificate on a list that is out of date', 'certificate-revoked', (stage, person) =>
    stage.gateway.revoke([person.serialNumber], { nextUpdate: stage.clock() - minute }),
  ),
  listed('a good certificate under a list that is out of date', 'revocation-unknown', (stage) =>
    stage.gateway.revoke([], { nextUpdate: stage.clock() - minute }),
  ),
  listed('a good certificate under a list older than policy allows', 'revocation-unknown', async (stage) => {
    await stage.gateway.revoke([], { thisUpdate: stage.clock() - 3 * hour })
    await stage.policy((rules) => {
      rules.revocation.crlLongestAgeHours = 2
    })
  }),
  listed('a good certificate under a list of tomorrow', 'revocation-unknown', (stage) =>
    stage.gateway.revoke([], { thisUpdate: stage.clock() + day }),
  ),
  listed(
    'a good certificate under another CA’s list of the same name',
    'revocation-unknown',
    async (stage) => {
      const ca = await createHospitalCa({ commonName: 'Hospital CA', now: stage.clock() })
      const times = { thisUpdate: stage.clock() - minute, nextUpdate: stage.clock() + day }
      await writeFile(stage.gateway.crlFile, await ca.revocationList({ revoked: [], ...times }))
    },
  ),
  listed('a good certificate where the responder must answer and does not', 'revocation-unknown', (stage) =>
    stage.policy((rules) => {
      rules.revocation.ocsp = 'fail-closed'
    }),
  ),
  listed('a good certificate where the responder may be silent', undefined, (stage) =>
    stage.policy((rules) => {
      rules.revocation.ocsp = 'fail-open'
    }),
  ),
  listed('a certificate whose binding the officer revoked', 'certificate-revoked', (stage, person) =>
    stage.gateway.accounts.revokeCertificate(person.fingerprint, 'lost', by),
  ),
]
