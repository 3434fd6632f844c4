import { z } from 'zod'

/** How a token signed. ECDSA signatures are DER (ECDSA-Sig-Value, RFC 3279); the PSS salt is as long as the hash. */
export const SignatureAlgorithm = z.enum([
  'RSA-PSS-SHA256',
  'RSA-PKCS1-SHA256',
  'ECDSA-SHA256',
  'ECDSA-SHA384',
])
export type SignatureAlgorithm = z.infer<typeof SignatureAlgorithm>
