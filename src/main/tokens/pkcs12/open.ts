import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { VigilError } from '../../../shared/errors/index.ts'
import { chainOf } from '../chain.ts'

/** A key in an opened PKCS#12 file, its certificate and the chain of it, its own certificate first. */
export interface OpenedKey {
  key: KeyObject
  certificate: X509Certificate
  chain: X509Certificate[]
}

/**
 * The keys of a PKCS#12 file (RFC 7292) that have a certificate in it, one or more. The integrity MAC is checked first, so a wrong PIN is told from a broken file.
 * @throws VigilError pin-wrong, token-certificate-unsuitable (not a PKCS#12 file, or no key with a certificate in it)
 */
export function openPkcs12(file: Uint8Array, pin: Buffer): OpenedKey[] {
  const asn1 = parse(file)
  const bags = decrypt(asn1, pin.toString('utf8')).safeContents.flatMap((content) => content.safeBags)
  const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids
  const certificates = bags.filter((bag) => bag.type === certBag).flatMap(certificateOf)
  const keys = bags.filter((bag) => bag.type === keyBag || bag.type === pkcs8ShroudedKeyBag).flatMap(keyOf)
  const opened = keys.flatMap((key) => {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
    const leaf = certificates.find((certificate) =>
      certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(spki),
    )
    return leaf ? [{ key, certificate: leaf, chain: chainOf(leaf, certificates) }] : []
  })
  if (opened.length === 0) throw unsuitable('no-private-key')
  return opened
}

function parse(file: Uint8Array): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(file).toString('binary')))
  } catch {
    throw unsuitable('not-pkcs12')
  }
}

function decrypt(pfx: forge.asn1.Asn1, pin: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(pfx, true, pin)
  } catch (error) {
    // forge tells a wrong PIN by the text of its message alone.
    const message = error instanceof Error ? error.message : ''
    if (/mac could not be verified|invalid password/i.test(message)) throw new VigilError('pin-wrong')
    return decryptUtf8(pfx, pin)
  }
}

/**
 * The MAC takes the password as UTF-16 (RFC 7292 B.1), PBES2 as UTF-8 (RFC 8018); forge gives both the same characters.
 * For a password beyond ASCII, whose MAC has just been found right, the contents are opened once more in UTF-8.
 */
function decryptUtf8(pfx: forge.asn1.Asn1, pin: string): forge.pkcs12.Pkcs12Pfx {
  try {
    const parts = pfx.value as forge.asn1.Asn1[]
    const { Class, Type, create } = forge.asn1
    const withoutMac = create(Class.UNIVERSAL, Type.SEQUENCE, true, parts.slice(0, 2))
    return forge.pkcs12.pkcs12FromAsn1(withoutMac, true, Buffer.from(pin, 'utf8').toString('binary'))
  } catch {
    throw unsuitable('not-pkcs12')
  }
}

/** forge reads RSA only; for any other key it leaves the decrypted PKCS#8 as ASN.1, which OpenSSL takes. */
function keyOf(bag: forge.pkcs12.Bag): KeyObject[] {
  try {
    const info = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1
    return [createPrivateKey({ key: toDer(info), format: 'der', type: 'pkcs8' })]
  } catch {
    return []
  }
}

function certificateOf(bag: forge.pkcs12.Bag): X509Certificate[] {
  try {
    const certificate = new X509Certificate(
      toDer(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1),
    )
    return certificate.publicKey ? [certificate] : [] // throws for a kind of key that OpenSSL does not know
  } catch {
    return []
  }
}

function toDer(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

function unsuitable(reason: string): VigilError {
  return new VigilError('token-certificate-unsuitable', { reason })
}
