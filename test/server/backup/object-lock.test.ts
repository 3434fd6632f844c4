import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPlace } from '../../../src/server/backup/index.ts'
import { GatewayConfig } from '../../../src/server/config/index.ts'

/** Swift, which the other tests store into, knows no object lock: here it is only held that the request asks for it. */
it('asks an S3 store to keep each object unchanged for so many days, and proves what it sends', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-lock-'))
  const puts: { headers: IncomingHttpHeaders; body: Buffer }[] = []
  const server = createServer((request, answer) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.method === 'PUT') puts.push({ headers: request.headers, body: Buffer.concat(parts) })
      answer.writeHead(request.method === 'PUT' ? 200 : 404).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const secretKeyFile = join(dir, 'secret')
  await writeFile(secretKeyFile, 'secret-of-the-test', { mode: 0o600 })
  const { port } = server.address() as { port: number }
  const config = {
    name: 'store',
    kind: 's3',
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'backups',
    accessKeyId: 'gateway',
    secretKeyFile,
    lockDays: 90,
  }
  const [place] = GatewayConfig.parse({ backup: { offSite: [config] } }).backup.offSite
  if (!place) throw new Error('no place')
  const now = Date.UTC(2026, 10, 23)
  const store = openPlace(place, { clock: () => now })
  try {
    const bytes = Buffer.alloc(200_000, 5)
    await store.put('a/b', bytes)
    expect(puts).toHaveLength(1)
    const { headers, body } = puts[0] ?? { headers: {}, body: Buffer.alloc(0) }
    expect(body.equals(bytes)).toBe(true)
    expect(headers['x-amz-object-lock-mode']).toBe('COMPLIANCE')
    expect(Date.parse(String(headers['x-amz-object-lock-retain-until-date']))).toBe(now + 90 * 86_400_000)
    expect(headers['content-md5']).toBe(createHash('md5').update(bytes).digest('base64'))
    expect(headers['x-amz-content-sha256']).toBe(createHash('sha256').update(bytes).digest('hex'))
    // What the store is asked to hold is signed with the rest.
    for (const name of [
      'content-md5',
      'x-amz-content-sha256',
      'x-amz-object-lock-mode',
      'x-amz-object-lock-retain-until-date',
    ])
      expect(String(headers.authorization)).toContain(name)
    expect(JSON.stringify(headers)).not.toContain('secret-of-the-test')
  } finally {
    await store.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(dir, { recursive: true, force: true })
  }
})
