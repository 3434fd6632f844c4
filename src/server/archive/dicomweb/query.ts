import type { Logger } from 'pino'
import type { DicomJson } from '../../../shared/study/index.ts'
import { text } from '../facts/attribute.ts'
import type { PacsHttp } from './http.ts'
import { getObjects } from './resources.ts'

const pageSize = 500
/** A worklist beyond this is not one that a person looks through; the PACS may hold millions. */
const mostObjects = 20_000

/**
 * A QIDO-RS search (PS3.18 10.6), page by page. `key` is the attribute that tells objects apart: a PACS that does not know
 * `offset` sends its first page again, which ends the search.
 */
export async function search(
  http: PacsHttp,
  log: Logger,
  path: string,
  query: { key: string; fields: readonly string[] },
): Promise<DicomJson[]> {
  const found = new Map<string, DicomJson>()
  for (let offset = 0; found.size < mostObjects; ) {
    const parameters = [
      `limit=${pageSize}`,
      `offset=${offset}`,
      ...query.fields.map((field) => `includefield=${field}`),
    ]
    const { objects, isPartial } = await getObjects(http, `${path}?${parameters.join('&')}`)
    const before = found.size
    for (const object of objects) {
      const uid = text(object, query.key)
      if (uid !== '' && !found.has(uid)) found.set(uid, object)
    }
    const isLast = objects.length < pageSize && !isPartial
    if (isLast || found.size === before) return [...found.values()]
    offset += objects.length
  }
  log.warn({ count: found.size }, 'PACS holds more than one search takes in')
  return [...found.values()]
}
