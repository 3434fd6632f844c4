import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { VigilError } from '../../../shared/errors/index.ts'
import { DicomJson } from '../../../shared/study/index.ts'
import type { ArrivingFrame } from '../index.ts'
import { explicitLittleEndian } from '../object/transfer-syntax.ts'
import { type PacsHttp, readBody } from './http.ts'
import { createPartReader, MultipartError, mediaTypeOf, type PartSink } from './multipart.ts'
import { readInto } from './read-in-place.ts'

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
  options: {
    signal?: AbortSignal | undefined
    arriving?: ((frame: ArrivingFrame) => void) | undefined
    /** Memory for what is known to be so long; by itself, not out of a pool, since it may be kept. */
    take?: (length: number) => Buffer
  } = {},
): Promise<Octets | null> {
  const { signal, arriving, take = Buffer.allocUnsafeSlow } = options
  // A second attempt after a lost connection begins with other memory; who watches the first is not to be told of it.
  let told = false
  const tell = (frame: ArrivingFrame) => {
    if (!told) arriving?.(frame)
    told = true
  }
  return http.get({ path, accept, signal }, async (answer) => {
    const contentType = answer.headers['content-type'] ?? ''
    if (!isMultipart(contentType)) {
      const bytes = await readBody(answer, octetsLimit)
      return { transferSyntaxUid: transferSyntaxOf(contentType), bytes }
    }
    let first: OctetsSink | undefined
    await readParts(answer, (partType, length) => {
      if (first) return null
      const transferSyntaxUid = transferSyntaxOf(partType)
      first =
        length === null || length > believedLength
          ? gathered(transferSyntaxUid)
          : filled({ transferSyntaxUid, bytes: take(length) }, answer, tell)
      return first
    })
    return first ? first.octets() : null
  })
}

/** What `getOctets` would bring is in. The connection is given up rather than the bytes fetched. */
export function getTransferSyntax(http: PacsHttp, path: string, accept: string): Promise<string | null> {
  return http.get({ path, accept }, (answer) => {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>()
    const found = (contentType: string) => {
      resolve(transferSyntaxOf(contentType))
      answer.destroy()
      return null
    }
    const contentType = answer.headers['content-type'] ?? ''
    if (!isMultipart(contentType)) found(contentType)
    else readParts(answer, found).then(() => resolve(null), reject)
    return promise
  })
}

/** Memory is set aside by what a part says of its length up to here; beyond, as it comes. */
const believedLength = 64 << 20

interface OctetsSink extends PartSink {
  octets(): Octets
}

/** A part of unknown length. @throws VigilError `archive-unavailable` while it comes, beyond what is honest */
function gathered(transferSyntaxUid: string): OctetsSink {
  const pieces: Buffer[] = []
  let count = 0
  return {
    length: null,
    write(piece) {
      count += piece.length
      if (count > octetsLimit) throw new VigilError('archive-unavailable', { reason: 'answer too long' })
      pieces.push(piece)
    },
    end: () => undefined,
    octets: () => ({ transferSyntaxUid, bytes: Buffer.concat(pieces) }),
  }
}

/** A part of that length. The connection is read into its memory as well, so that no other is taken for that. */
function filled(octets: Octets, answer: IncomingMessage, tell: (frame: ArrivingFrame) => void): OctetsSink {
  const { bytes } = octets
  const { length } = bytes
  const listeners = new Set<() => void>()
  let count = 0
  const frame: ArrivingFrame = {
    ...octets,
    received: () => count,
    onMore(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  readInto(answer, () => (count < length ? bytes.subarray(count) : null))
  return {
    length,
    write(piece) {
      piece.copy(bytes, count)
      const isFirst = count === 0
      count += piece.length
      if (isFirst) tell(frame)
      for (const listener of listeners) listener()
    },
    end: () => readInto(answer, null),
    octets: () => octets,
  }
}

const isMultipart = (contentType: string) => mediaTypeOf(contentType).type === 'multipart/related'

/** Reads a multipart answer to its end, so that its connection can serve again. */
function readParts(
  answer: IncomingMessage,
  open: (contentType: string, length: number | null) => PartSink | null,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const boundary = mediaTypeOf(answer.headers['content-type'] ?? '').parameters.get('boundary') ?? ''
    const reader = createPartReader(boundary, (headers) => {
      const length = headers.get('content-length') ?? ''
      return open(
        headers.get('content-type') ?? 'application/octet-stream',
        /^\d{1,10}$/.test(length) ? Number(length) : null,
      )
    })
    const take = (chunk: Buffer) => {
      try {
        reader.write(chunk)
      } catch (error) {
        answer.off('data', take)
        reject(error)
      }
    }
    answer.on('data', take)
    answer.once('end', () => {
      try {
        reader.end()
        resolve()
      } catch (error) {
        reject(error)
      }
    })
    answer.once('error', reject)
    answer.once('close', () => reject(new MultipartError('broken off')))
  })
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
