import canonicalize from 'canonicalize'
import { VigilError } from '../errors/index.ts'
import { ReportDocument } from './index.ts'

/**
 * The canonical form of a report document (RFC 8785): the UTF-8 bytes of this string are what a report signature covers,
 * and their SHA-256 is the document's hash. Both ends call this one function; keys that are not in the schema do not get in.
 * @throws VigilError `bad-request` where a text holds half a surrogate pair, which RFC 8785 (3.2.2.2) refuses.
 */
export function canonicalReport(document: ReportDocument): string {
  try {
    const canonical = canonicalize(ReportDocument.parse(document))
    if (canonical !== undefined) return canonical
  } catch (error) {
    throw new VigilError('bad-request', { field: 'document' }, { cause: error })
  }
  throw new VigilError('bad-request', { field: 'document' })
}
