import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Agent } from 'node:https'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Clock } from '../../../shared/time/clock.ts'
import type { GatewayConfig } from '../../config/index.ts'
import { refuseWiderThanOwner } from '../../protection/index.ts'
import { type Place, PlaceError, type Transfer } from './place.ts'

type S3Config = Extract<GatewayConfig['backup']['offSite'][number], { kind: 's3' }>

const step = 65_536
const day = 86_400_000

/**
 * A bucket of an S3-compatible store. One object a chunk, each with its MD5 and SHA-256 so that the store refuses what was
 * damaged on the way; no object is written twice or copied; each is locked where `lockDays` says so.
 */
export function s3Place(config: S3Config, deps: { clock: Clock }): Place {
  const { name, bucket } = config
  let made: Promise<S3Client> | null = null
  const at = (key: string) => config.prefix + key

  async function make(): Promise<S3Client> {
    try {
      refuseWiderThanOwner(config.secretKeyFile, await stat(config.secretKeyFile))
      const secretAccessKey = (await readFile(config.secretKeyFile, 'utf8')).trim()
      const ca = config.caFile ? readFileSync(config.caFile) : undefined
      return new S3Client({
        endpoint: config.endpoint,
        region: config.region,
        credentials: { accessKeyId: config.accessKeyId, secretAccessKey },
        forcePathStyle: true,
        // A body is a stream, which goes once; what failed is tried again as a whole.
        maxAttempts: 1,
        // Older stores know MD5 alone, and no trailing checksums.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: {
          connectionTimeout: 10_000,
          socketTimeout: 60_000,
          ...(ca ? { httpsAgent: new Agent({ ca, keepAlive: true }) } : {}),
        },
      })
    } catch (cause) {
      throw new PlaceError(name, 'secret-unreadable', { cause })
    }
  }

  async function asked<T>(work: (client: S3Client) => Promise<T>): Promise<T | null> {
    made ??= make()
    try {
      return await work(await made)
    } catch (cause) {
      if (cause instanceof PlaceError) {
        if (cause.code === 'secret-unreadable') made = null
        throw cause
      }
      const { $metadata, name: kind } = cause as { $metadata?: { httpStatusCode?: number }; name?: string }
      const status = $metadata?.httpStatusCode
      if (status === 404 && kind !== 'NoSuchBucket') return null
      if (kind === 'BadDigest' || kind === 'XAmzContentSHA256Mismatch')
        throw new PlaceError(name, 'differs', { cause })
      if (status !== undefined && status < 500) throw new PlaceError(name, 'refused', { cause })
      throw new PlaceError(name, status === undefined ? 'unreachable' : 'cut-off', { cause })
    }
  }

  const size = (key: string) =>
    asked(async (s3) => {
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: at(key) }))
      return head.ContentLength ?? 0
    })

  async function put(key: string, bytes: Buffer, transfer: Transfer = {}): Promise<void> {
    const there = await size(key)
    if (there === bytes.length) return
    if (there !== null) throw new PlaceError(name, 'exists')
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: at(key),
      Body: Readable.from(paced(bytes, transfer), { objectMode: false }),
      ContentLength: bytes.length,
      ContentMD5: createHash('md5').update(bytes).digest('base64'),
      ...(config.lockDays
        ? {
            ObjectLockMode: 'COMPLIANCE' as const,
            ObjectLockRetainUntilDate: new Date(deps.clock() + config.lockDays * day),
          }
        : {}),
    })
    const hash = createHash('sha256').update(bytes).digest('hex')
    command.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> }
        headers['x-amz-content-sha256'] = hash
        return next(args)
      },
      { step: 'build', name: 'knownContentHash' },
    )
    const done = await asked((s3) =>
      s3.send(command, transfer.signal ? { abortSignal: transfer.signal } : {}),
    )
    if (done === null) throw new PlaceError(name, 'refused')
  }

  return {
    name,
    size,
    put,
    async names(prefix) {
      const found = new Set<string>()
      for (let token: string | undefined; ; ) {
        const page = await asked((s3) =>
          s3.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: at(prefix),
              Delimiter: '/',
              ...(token ? { ContinuationToken: token } : {}),
            }),
          ),
        )
        for (const one of page?.Contents ?? []) found.add((one.Key ?? '').slice(at(prefix).length))
        for (const one of page?.CommonPrefixes ?? [])
          found.add((one.Prefix ?? '').slice(at(prefix).length).replace(/\/$/, ''))
        token = page?.IsTruncated ? page.NextContinuationToken : undefined
        if (!token) return [...found].sort()
      }
    },
    async get(key) {
      const bytes = await asked(async (s3) => {
        const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: at(key) }))
        return answer.Body?.transformToByteArray()
      })
      if (!bytes) throw new PlaceError(name, 'absent')
      return Buffer.from(bytes)
    },
    async remove(key) {
      await asked((s3) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: at(key) })))
    },
    async close() {
      const client = await made?.catch(() => null)
      made = null
      client?.destroy()
    },
  }
}

async function* paced(bytes: Buffer, { pace, signal }: Transfer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += step) {
    signal?.throwIfAborted()
    const part = bytes.subarray(from, from + step)
    await pace?.(part.length)
    yield part
  }
}
