import type { CertificateRow } from '../../../shared/api/index.ts'
import type { Foundation } from '../../foundation.ts'
import { derFingerprint } from '../../pki/index.ts'
import type { Certificate } from '../certificate.ts'
import type { Issuers } from '../issuers.ts'
import { type OcspAnswer, type RevocationStatus, revocationVerdict } from './decision.ts'
import { createListDownloads } from './list-downloads.ts'
import { createListFiles } from './list-files.ts'
import { isCurrent } from './lists.ts'
import { readOcspResponse } from './ocsp.ts'
import { createOcspClient } from './ocsp-client.ts'

const hour = 3_600_000

/** What is known of revocations: lists from files and URLs, and OCSP where policy asks for it. */
export interface Revocation {
  /** Of a person's certificate: lists, then a stapled or fetched OCSP response. `unknown` is to be refused. */
  ofPerson(certificate: Certificate, issuer: Certificate, stapled?: string): Promise<RevocationStatus>
  /** Of a CA between a person's certificate and the anchor: lists alone. */
  ofIntermediate(certificate: Certificate, issuer: Certificate): Promise<RevocationStatus>
  /** Fetches the lists anew. */
  refresh(): Promise<void>
  /** Differs once a list at hand has changed. */
  stamp(): Promise<string>
  /** The lists at hand, for the security officer. */
  rows(): Promise<CertificateRow[]>
}

export function createRevocation(
  { config, policies, clock, random, log }: Foundation,
  deps: { issuers: Issuers; directory: string },
): Revocation {
  const { crlFiles, crlUrls, crlRequired, ocspUrl, ocspTimeoutSeconds } = config.identity
  const { issuers } = deps
  const rules = () => policies.current().revocation
  const longestAgeMs = () => rules().crlLongestAgeHours * hour
  const downloads = createListDownloads({
    urls: crlUrls,
    directory: deps.directory,
    issuers: async () => [...(await issuers.anchors()), ...(await issuers.intermediates())],
    log,
  })
  const files = createListFiles(() => [...crlFiles, ...downloads.files()], log)
  const ocsp = createOcspClient({
    url: ocspUrl,
    timeoutMs: ocspTimeoutSeconds * 1000,
    longestAgeMs,
    clock,
    random,
    log,
  })

  async function byLists(certificate: Certificate, issuer: Certificate): Promise<RevocationStatus> {
    let current = false
    for (const list of await files.all()) {
      if (!(await list.isSignedBy(issuer))) continue
      // Revoked is revoked, even on a list that is out of date.
      if (list.isRevoked(certificate.serial)) return 'revoked'
      if (isCurrent(list, clock(), longestAgeMs())) current = true
    }
    return current ? 'good' : 'unknown'
  }

  async function byOcsp(
    certificate: Certificate,
    issuer: Certificate,
    stapled?: string,
  ): Promise<OcspAnswer> {
    if (rules().ocsp === 'off') return 'unasked'
    if (stapled !== undefined) {
      const der = Buffer.from(stapled, 'base64')
      const facts = { certificate, issuer, now: clock(), longestAgeMs: longestAgeMs() }
      const { status } = readOcspResponse(der, facts)
      // One that does not count is as good as none: the responder is asked.
      if (status !== 'none') return status
    }
    return ocsp.ask(certificate, issuer)
  }

  return {
    async ofPerson(certificate, issuer, stapled) {
      const lists = await byLists(certificate, issuer)
      if (lists === 'revoked') return lists
      const answer = await byOcsp(certificate, issuer, stapled)
      return revocationVerdict(lists, answer, { crlRequired, ocsp: rules().ocsp })
    },
    async ofIntermediate(certificate, issuer) {
      const lists = await byLists(certificate, issuer)
      return revocationVerdict(lists, 'unasked', { crlRequired, ocsp: 'off' })
    },
    refresh: downloads.refresh,
    stamp: files.stamp,
    async rows() {
      const now = clock()
      return (await files.all()).map((list) => ({
        kind: 'crl' as const,
        fingerprint: derFingerprint(list.der),
        subject: list.issuer,
        issuer: list.issuer,
        owner: '',
        notBefore: list.thisUpdate,
        notAfter: Math.min(list.nextUpdate, list.thisUpdate + longestAgeMs()),
        state: isCurrent(list, now, longestAgeMs()) ? ('good' as const) : ('expired' as const),
      }))
    },
  }
}
