import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { x509 } from '../../pki/index.ts'
import { type Certificate, serialOf } from '../certificate.ts'

/** How far a CA's clock may be ahead of ours, in ms. */
const skewMs = 300_000
const hashes = new Set(['SHA-256', 'SHA-384', 'SHA-512'])

/** A revocation list as read; whose it is shows only when a CA's key has verified it. */
interface RevocationList {
  crl: x509.X509Crl
  issuer: string
  thisUpdate: number
  nextUpdate: number
  revoked: ReadonlySet<string>
  /** Per fingerprint of a CA: whether its key signed the list. */
  signedBy: Map<string, Promise<boolean>>
}

export type RevocationStatus = 'good' | 'revoked' | 'unknown'

export interface Revocation {
  /** Whether the issuer's lists say that the certificate is revoked; `unknown` without a current one. */
  statusOf(certificate: Certificate, issuer: Certificate, now: number): Promise<RevocationStatus>
}

/** Certificate revocation lists (RFC 5280 clause 5) from files, PEM or DER, read again whenever a file changes. */
export function createRevocation(files: readonly string[], log: Logger): Revocation {
  const read = new Map<string, { stamp: string; lists: RevocationList[] }>()

  async function listsOf(file: string): Promise<RevocationList[]> {
    const known = read.get(file)
    try {
      const { mtimeMs, size, ino } = await stat(file)
      const stamp = `${mtimeMs}/${size}/${ino}`
      if (known?.stamp === stamp) return known.lists
      const lists = parse(await readFile(file))
      read.set(file, { stamp, lists })
      return lists
    } catch {
      // A file that is missing or half written: the lists read before hold as long as they are current by themselves.
      log.warn({ file }, 'revocation list is not readable')
      return known?.lists ?? []
    }
  }

  return {
    async statusOf(certificate, issuer, now) {
      let current = false
      for (const list of (await Promise.all(files.map(listsOf))).flat()) {
        if (list.issuer !== issuer.subject || !(await isSignedBy(list, issuer))) continue
        // Revoked is revoked, even on a list that is out of date.
        if (list.revoked.has(certificate.serial)) return 'revoked'
        if (list.thisUpdate <= now + skewMs && now < list.nextUpdate) current = true
      }
      return current ? 'good' : 'unknown'
    },
  }
}

/** @throws Error where the file holds no list, or one with critical extensions (partial, delta or indirect lists). */
function parse(bytes: Buffer): RevocationList[] {
  const text = bytes.toString('latin1')
  const ders = text.includes('-----BEGIN') ? x509.PemConverter.decode(text) : [new Uint8Array(bytes).buffer]
  if (ders.length === 0) throw new Error('cut off')
  return ders.map((der) => {
    const crl = new x509.X509Crl(der)
    if (crl.extensions.some((extension) => extension.critical)) throw new Error('critical extension')
    return {
      crl,
      issuer: crl.issuer,
      thisUpdate: crl.thisUpdate.getTime(),
      // RFC 5280 5.1.2.5 requires nextUpdate; a list without one is never current.
      nextUpdate: crl.nextUpdate?.getTime() ?? 0,
      revoked: new Set(crl.entries.map((entry) => serialOf(entry.serialNumber))),
      signedBy: new Map(),
    }
  })
}

function isSignedBy(list: RevocationList, issuer: Certificate): Promise<boolean> {
  const known = list.signedBy.get(issuer.fingerprint)
  if (known) return known
  const { keyUsage } = issuer
  const maySign = keyUsage === null || (keyUsage & x509.KeyUsageFlags.cRLSign) !== 0
  const checked =
    maySign && hashes.has(list.crl.signatureAlgorithm.hash?.name ?? '')
      ? list.crl
          .verify({ publicKey: new x509.X509Certificate(new Uint8Array(issuer.der)) })
          .catch(() => false)
      : Promise.resolve(false)
  list.signedBy.set(issuer.fingerprint, checked)
  return checked
}
