import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createHospitalCa } from '../../../../demo/hospital-ca.ts'
import { anAnswer, openWard, raise, stateOf } from './ward.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A room that knows senders by their certificates alone, and three who send. */
async function listening() {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-replies-tls-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const now = Date.now()
  const [ours, theirs, strange] = await Promise.all(
    ['Gateway CA', 'HIS CA', 'Strange CA'].map((commonName) => createHospitalCa({ commonName, now })),
  )
  const [server, his, stranger] = await Promise.all(
    [ours!, theirs!, strange!].map((ca) => ca.issue({ commonName: 'replies' })),
  )
  const file = async (name: string, text: string) => {
    await writeFile(join(dir, name), text, { mode: 0o600 })
    return join(dir, name)
  }
  const tls = {
    certificateFile: await file('server.pem', server!.certificatePem),
    keyFile: await file('server.key', server!.privateKeyPem),
    clientCaFile: await file('his-ca.pem', theirs!.certificatePem),
  }
  const room = await openWard({ replies: { http: [{ name: 'his', port: 0, peers: ['127.0.0.1'], tls }] } })
  cleanups.push(() => room.close())
  const alert = await raise(room)
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
  const nothing = { params: undefined, query: undefined, body: undefined }
  const { feeds } = await room.incoming.handlers.incomingFeeds(room.request('li', nothing))
  const port = feeds[0]!.port
  const send = (client: { certificatePem: string; privateKeyPem: string } | null) =>
    new Promise<number>((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port,
          path: '/replies',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          agent: false,
          // What is tested is whom the gateway believes.
          rejectUnauthorized: false,
          ...(client ? { cert: client.certificatePem, key: client.privateKeyPem } : {}),
        },
        (answer) => {
          answer.resume()
          answer.on('end', () => resolve(answer.statusCode ?? 0))
        },
      )
      call.on('error', reject)
      call.end(JSON.stringify(anAnswer(alert)))
    })
  return { room, alert, send, his: his!, stranger: stranger!, feed: feeds[0]! }
}

describe('answers over HTTPS from senders known by their certificates', () => {
  it('are taken from the hospital system, and from nobody else', async () => {
    const { room, alert, send, his, stranger, feed } = await listening()
    expect(feed.tls).toBe(true)
    await expect(send(null)).rejects.toThrow()
    await expect(send(stranger)).rejects.toThrow()
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
    expect(await send(his)).toBe(200)
    expect((await stateOf(room, alert)).status).toBe('received')
  })
})
