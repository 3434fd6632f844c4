import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { VigilError } from '../../../shared/errors/index.ts'
import { DicomJson } from '../../../shared/study/index.ts'
import type { ArrivingFrame } from '../index.ts'
import { explicitLittleEndian } from '../object/transfer-syntax.ts'
import { type PacsHttp, readBody } from './http.ts'
import { mediaTypeOf, type Part, readParts } from './multipart.ts'

/** A body in one of the media types that WADO-RS has for pixel and bulk data, and what they are in. */
export interface Octets {
  transferSyntaxUid: string
  bytes: Buffer
}

const jsonLimit = 512 << 20
const octetsLimit = 1 << 30

const Objects = z.array(DicomJson)

/** `application/dicom+json` resources. 204 is QIDO-RS's way to say that there is none (PS3.18 10.6.3.3). */
export function getObjects(
  http: PacsHttp,
  path: string,
): Promise<{ objects: DicomJson[]; isPartial: boolean }> {
  return http.get({ path, accept: 'application/dicom+json' }, async (answer) => {
    const body = await readBody(answer, jsonLimit)
    // Warning 299 says that there are more than were sent (PS3.18 8.3.4.4).
    const isPartial = String(answer.headers.warning ?? '').includes('299')
    if (answer.statusCode === 204 || body.length === 0) return { objects: [], isPartial }
    return { objects: parseObjects(body), isPartial }
  })
}

function parseObjects(body: Buffer): DicomJson[] {
  try {
    return Objects.parse(JSON.parse(body.toString('utf8')))
  } catch {
    // The cause is left out: it would quote what the PACS sent.
    throw new VigilError('archive-unavailable', { reason: 'answer is not DICOM JSON' })
  }
}

/**
 * The first part of a multipart answer, or all of a plain one. Where the part says how long it is, `arriving` is told once that it
 * comes; what it brings is whole only when the promise is fulfilled, with the same memory.
 */
export function getOctets(
  http: PacsHttp,
  path: string,
  accept: string,
  {
    signal,
    arriving,
  }: { signal?: AbortSignal | undefined; arriving?: ((frame: ArrivingFrame) => void) | undefined } = {},
): Promise<Octets | null> {
  // A second attempt after a lost connection begins with other memory; who watches the first is not to be told of it.
  let told = false
  const tell = (frame: ArrivingFrame) => {
    if (!told) arriving?.(frame)
    told = true
  }
  return http.get({ path, accept, signal }, async (answer) => {
    let octets: Octets | null = null
    for await (const part of partsOf(answer)) {
      if (octets) continue
      const transferSyntaxUid = transferSyntaxOf(part.contentType)
      octets = { transferSyntaxUid, bytes: await bytesOf(part, transferSyntaxUid, tell) }
    }
    return octets
  })
}

/** Memory is set aside by what a part says of its length up to here; beyond, as it comes. */
const believedLength = 64 << 20

async function bytesOf(
  { body, fill, length }: OpenPart,
  transferSyntaxUid: string,
  tell: (frame: ArrivingFrame) => void,
): Promise<Buffer> {
  if (length === null || length > believedLength || !fill) return readBody(body, octetsLimit)
  const { frame, received } = arrivingFrame(transferSyntaxUid, length)
  let told = false
  await fill(frame.bytes, (count) => {
    received(count)
    if (!told) tell(frame)
    told = true
  })
  return frame.bytes
}

function arrivingFrame(transferSyntaxUid: string, length: number) {
  const listeners = new Set<() => void>()
  let count = 0
  const frame: ArrivingFrame = {
    transferSyntaxUid,
    // Of its own, not of the pool: it is kept in the cache.
    bytes: Buffer.allocUnsafeSlow(length),
    received: () => count,
    onMore(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return {
    frame,
    received(now: number) {
      count = now
      for (const listener of listeners) listener()
    },
  }
}

/** What `getOctets` would bring is in. The connection is given up rather than the bytes fetched. */
export function getTransferSyntax(http: PacsHttp, path: string, accept: string): Promise<string | null> {
  return http.get({ path, accept }, async (answer) => {
    for await (const { contentType } of partsOf(answer)) {
      answer.destroy()
      return transferSyntaxOf(contentType)
    }
    return null
  })
}

interface OpenPart {
  contentType: string
  /** What the part says of its length. */
  length: number | null
  body: AsyncIterable<Buffer>
  fill: Part['fill'] | null
}

async function* partsOf(answer: IncomingMessage): AsyncGenerator<OpenPart> {
  const contentType = answer.headers['content-type'] ?? ''
  const { type, parameters } = mediaTypeOf(contentType)
  if (type !== 'multipart/related') {
    yield { contentType, length: null, body: answer, fill: null }
    return
  }
  for await (const { headers, body, fill } of readParts(answer, parameters.get('boundary') ?? '')) {
    const length = headers.get('content-length') ?? ''
    yield {
      contentType: headers.get('content-type') ?? 'application/octet-stream',
      length: /^\d{1,10}$/.test(length) ? Number(length) : null,
      body,
      fill,
    }
  }
}

/** Default transfer syntax of each media type (PS3.18 tables 8.7.3-2 and 8.7.3-4), where the part does not say. */
const defaults: Record<string, string> = {
  'image/jpeg': '1.2.840.10008.1.2.4.70',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jpx': '1.2.840.10008.1.2.4.92',
  'image/jphc': '1.2.840.10008.1.2.4.203',
}

function transferSyntaxOf(contentType: string): string {
  const { type, parameters } = mediaTypeOf(contentType)
  const stated = parameters.get('transfer-syntax') ?? ''
  return /^[0-9.]{1,64}$/.test(stated) ? stated : (defaults[type] ?? explicitLittleEndian)
}
