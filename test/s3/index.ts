import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'

/** A real S3-compatible store of a test's own: OpenStack Swift with its S3 API, one process on loopback. */
export interface S3Store {
  endpoint: string
  port: number
  accessKeyId: string
  secretKeyFile: string
  bucket: string
  /** Where Swift keeps what was stored. */
  devices: string
  stop(): Promise<void>
}

const python = '/usr/bin/python3'
const server = '/usr/lib/python3/dist-packages/swift/common/middleware/s3api/s3api.py'

/** Why it cannot run here, or null. */
export const s3SkipReason: string | null =
  existsSync(python) && existsSync(server)
    ? null
    : 'no OpenStack Swift (swift-proxy, -account, -container, -object)'

export async function startS3(): Promise<S3Store> {
  if (s3SkipReason) throw new Error(s3SkipReason)
  const dir = await mkdtemp(join(tmpdir(), 'vigil-s3-'))
  const secret = 'only-of-this-test'
  const accessKeyId = 'vigil:gateway'
  const secretKeyFile = join(dir, 's3-secret')
  await writeFile(secretKeyFile, `${secret}\n`, { mode: 0o600 })
  const port = await freePort()
  const script = fileURLToPath(new URL('swift_s3.py', import.meta.url))
  const child = spawn(python, [script, dir, String(port), accessKeyId, secret], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await ready(child)
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId, secretAccessKey: secret }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  const bucket = 'backups'
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
  return {
    endpoint,
    port,
    accessKeyId,
    secretKeyFile,
    bucket,
    devices: join(dir, 'devices'),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Swift did not start')), 30_000)
    child.once('exit', (code) => reject(new Error(`Swift ended with ${code}`)))
    if (!child.stdout) return reject(new Error('Swift has no output'))
    createInterface({ input: child.stdout }).once('line', () => {
      clearTimeout(late)
      resolve()
    })
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
