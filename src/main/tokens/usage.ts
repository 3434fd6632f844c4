import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_clientAuth,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509'

/** Critical extensions that the gateway processes (src/server/identity/certificate.ts). */
const processed = new Set([
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_ce_certificatePolicies,
])

/**
 * What a certificate's extensions say against signing in with it, by the gateway's own rule (`unfitness` in
 * src/server/identity/certificate-path.ts; test/main/tokens/fitness.test.ts compares the two): keyUsage must be there and
 * assert digitalSignature (RFC 5280 4.2.1.3); extendedKeyUsage, where there, must hold clientAuth, and
 * anyExtendedKeyUsage does not stand for it (4.2.1.12); no critical extension may be unknown (4.2), which counts as usage.
 */
export function usageAgainst(der: Uint8Array): 'key-usage' | 'extended-key-usage' | null {
  const extensions = AsnConvert.parse(der, Certificate).tbsCertificate.extensions ?? []
  const contentOf = (oid: string) => extensions.find(({ extnID }) => extnID === oid)?.extnValue.buffer
  const keyUsage = contentOf(id_ce_keyUsage)
  if (!keyUsage) return 'key-usage'
  if (!(AsnConvert.parse(keyUsage, KeyUsage).toNumber() & KeyUsageFlags.digitalSignature)) return 'key-usage'
  const extended = contentOf(id_ce_extKeyUsage)
  if (extended && !AsnConvert.parse(extended, ExtendedKeyUsage).includes(id_kp_clientAuth))
    return 'extended-key-usage'
  return extensions.some(({ critical, extnID }) => critical && !processed.has(extnID)) ? 'key-usage' : null
}
