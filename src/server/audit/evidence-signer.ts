import { createPrivateKey, createPublicKey, sign, verify, webcrypto } from 'node:crypto'
import { z } from 'zod'
import type { Clock, RandomBytes } from '../../shared/time/clock.ts'
import { derFingerprint, x509 } from '../pki/index.ts'
import type { Protection } from '../protection/index.ts'
import type { Queries, Store } from '../store/index.ts'

const setting = 'audit-signer'
const place = { table: 'settings', column: 'value', row: setting }
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const thirtyYears = 30 * 365 * 86_400_000

const Kept = z.object({ certificate: z.string(), privateKey: z.string() })

/**
 * What the gateway signs evidence with that leaves it: checkpoints, audit reports. A P-256 key of its own, with a certificate
 * that it made itself and that whoever keeps the evidence pins by its fingerprint; it lies sealed in the store, so that every
 * gateway on it signs with the same.
 */
export interface EvidenceSigner {
  certificatePem: string
  /** SHA-256 of the certificate's DER, hex. */
  fingerprint: string
  /** ECDSA with SHA-256 over the bytes, DER. */
  sign(bytes: Uint8Array): Buffer
}

type Deps = {
  store: Store
  protection: Protection
  clock: Clock
  random: RandomBytes
  gatewayId: string
}

/** Opens it, or makes it on first use. @throws IntegrityError where it was changed. */
export async function openEvidenceSigner(deps: Deps): Promise<EvidenceSigner> {
  const known = await readEvidenceSigner(deps.store.db, deps.protection)
  if (known) return known
  const made = await makeSigner(deps)
  return deps.store.transaction(async (trx) => {
    // Somebody else may have been first: the CLI beside a gateway that starts.
    const other = await readEvidenceSigner(trx, deps.protection)
    if (other) return other
    const value = deps.protection.seal(place, JSON.stringify(made))
    await trx.insertInto('settings').values({ name: setting, value }).execute()
    return signerOf(made)
  }, 'making-evidence-key')
}

/** Null where none was made yet. @throws IntegrityError where it was changed. */
export async function readEvidenceSigner(
  db: Queries,
  protection: Protection,
): Promise<EvidenceSigner | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', setting).executeTakeFirst()
  return row ? signerOf(Kept.parse(JSON.parse(protection.open(place, row.value)))) : null
}

async function makeSigner({ clock, random, gatewayId }: Deps): Promise<z.infer<typeof Kept>> {
  const keys = (await webcrypto.subtle.generateKey(ecdsa, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  // 128 bits, positive and never shorter: RFC 5280 4.1.2.2.
  const serialNumber = `40${Buffer.from(random(15)).toString('hex')}`
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: [{ CN: [`Vigil audit evidence ${gatewayId}`] }],
    notBefore: new Date(clock() - 86_400_000),
    notAfter: new Date(clock() + thirtyYears),
    keys,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString(),
  }
}

function signerOf({ certificate, privateKey }: z.infer<typeof Kept>): EvidenceSigner {
  const key = createPrivateKey(privateKey)
  return {
    certificatePem: certificate,
    fingerprint: fingerprintOf(certificate),
    sign: (bytes) => sign('sha256', bytes, key),
  }
}

/** @throws Error where it is no certificate. */
export function fingerprintOf(certificatePem: string): string {
  return derFingerprint(new Uint8Array(new x509.X509Certificate(certificatePem).rawData))
}

/** Whether the signature (DER) over the bytes is of the certificate's key. */
export function isSignedBy(certificatePem: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('sha256', bytes, createPublicKey(certificatePem), signature)
  } catch {
    return false
  }
}
