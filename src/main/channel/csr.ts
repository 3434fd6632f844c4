import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { bitString, objectId, sequence, set, tlv, unsignedInteger, utf8String } from '../der/index.ts'

const commonName = '2.5.4.3'
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

/** A fresh P-256 key (PKCS#8 PEM). */
export function newKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey
}

/** The PKCS#10 request (RFC 2986 4, DER) for a P-256 key: subject CN alone, no attributes, signed with ECDSA-SHA-256. */
export function certificateRequest(keyPem: string, name: string): Buffer {
  const key = createPrivateKey(keyPem)
  const information = sequence(
    unsignedInteger(Buffer.from([0])),
    sequence(set(sequence(objectId(commonName), utf8String(name)))),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tlv(0xa0),
  )
  return sequence(
    information,
    sequence(objectId(ecdsaWithSha256)),
    bitString(sign('sha256', information, key)),
  )
}
