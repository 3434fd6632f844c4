import type { DicomJson } from '../../../shared/study/index.ts'
import { isBulkVr, isInlined } from '../object/retention.ts'

/** Fetches a bulk value by its path below the base URL; null where the PACS has none. */
export type FetchBulk = (path: string) => Promise<Buffer | null>

/**
 * Brings a PACS's metadata into the form that the folder archive gives: palettes, LUT data and overlays as InlineBinary,
 * fetched where the PACS only refers to them; all other bulk data, and group lengths, left out; no padding, and the character
 * set that JSON is in.
 */
export async function settleBulk(json: DicomJson, fetchBulk: FetchBulk): Promise<DicomJson> {
  const entries = await Promise.all(
    Object.entries(json).map(
      async ([key, attribute]) => [key, await settle(key, attribute, fetchBulk)] as const,
    ),
  )
  return Object.fromEntries(entries.filter(([, attribute]) => attribute !== null))
}

async function settle(key: string, attribute: unknown, fetchBulk: FetchBulk): Promise<unknown> {
  if (typeof attribute !== 'object' || attribute === null || key.endsWith('0000')) return null
  const { vr, Value, InlineBinary, BulkDataURI } = attribute as Record<string, unknown>
  if (vr === 'SQ') {
    if (!Array.isArray(Value)) return { vr }
    const items = Value.filter((item): item is DicomJson => typeof item === 'object' && item !== null)
    return { vr, Value: await Promise.all(items.map((item) => settleBulk(item, fetchBulk))) }
  }
  const isBulk =
    (typeof vr === 'string' && isBulkVr(vr)) || InlineBinary !== undefined || BulkDataURI !== undefined
  if (key === '00080005') return { vr, Value: ['ISO_IR 192'] }
  if (!isBulk) return Array.isArray(Value) ? { vr, Value: Value.map(unpadded) } : { vr }
  if (!isInlined(Number.parseInt(key, 16))) return null
  if (typeof InlineBinary === 'string') return { vr, InlineBinary }
  const path = pathOf(BulkDataURI)
  const bytes = path === null ? null : await fetchBulk(path)
  return bytes ? { vr, InlineBinary: bytes.toString('base64') } : null
}

/** Orthanc hands on the padding of values that it takes from the file. */
function unpadded(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/ +$/, '')
  if (typeof value !== 'object' || value === null) return value
  const groups = Object.entries(value).map(([name, group]) => [name, unpadded(group)] as const)
  return Object.fromEntries(groups.filter(([, group]) => group !== ''))
}

/**
 * A BulkDataURI's path below our own base URL. What the PACS names as host is not used: it is often wrong behind proxies
 * (Orthanc leaves out the port), and the gateway must not be sent to other hosts by what it is answered.
 */
function pathOf(uri: unknown): string | null {
  if (typeof uri !== 'string') return null
  const path = /\/studies\/[\w./%~-]+$/.exec(uri)?.[0] ?? null
  return path?.split('/').includes('..') ? null : path
}
