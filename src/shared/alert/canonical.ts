import canonicalize from 'canonicalize'
import { VigilError } from '../errors/index.ts'
import { AlertContent } from './index.ts'

/**
 * The canonical form (RFC 8785) of what a second person looks at: the SHA-256 of its UTF-8 bytes is the `contentHash` that
 * they sign. Keys that are not in the schema do not get in, so that an Alert can be given as it is.
 * @throws VigilError `bad-request` where a text holds half a surrogate pair.
 */
export function canonicalAlertContent(content: AlertContent): string {
  try {
    const canonical = canonicalize(AlertContent.parse(content))
    if (canonical !== undefined) return canonical
  } catch (error) {
    throw new VigilError('bad-request', { field: 'content' }, { cause: error })
  }
  throw new VigilError('bad-request', { field: 'content' })
}
