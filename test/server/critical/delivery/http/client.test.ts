import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../../../../src/server/critical/delivery/http/client.ts'
import { hideSecrets, rawExchange } from '../../../../../src/server/critical/delivery/http/raw-exchange.ts'
import { isSilent, verdictOfStatus } from '../../../../../src/server/critical/delivery/http/verdict.ts'
import { answering, startHttpPeer } from '../http-peer.ts'
import { never } from '../messages.ts'
import { filesWith } from '../open-target.ts'
import { selfSigned } from '../self-signed.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
function client(timeoutSeconds = 5) {
  const made = createHttpClient({ timeoutSeconds, connections: 2 })
  cleanups.push(made.close)
  return made
}
async function peer(...args: Parameters<typeof startHttpPeer>) {
  const started = await startHttpPeer(...args)
  cleanups.push(started.stop)
  return started
}
const post = (url: string) => ({
  method: 'POST' as const,
  url: new URL(url),
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('危急'),
})

describe('http', () => {
  it('sends and takes bytes, over a connection that is kept', async () => {
    const { url, seen, connections } = await peer(answering(200, '好'))
    const http = client()
    for (let i = 0; i < 3; i++) {
      const answer = await http.call(post(url), never)
      expect([answer.status, answer.body.toString()]).toEqual([200, '好'])
    }
    expect(seen.map(({ body }) => body.toString())).toEqual(['危急', '危急', '危急'])
    expect(connections()).toBe(1)
  })

  it('follows no redirect', async () => {
    const other = await peer(answering(200))
    const { url } = await peer((_, answer) => void answer.writeHead(307, { location: other.url }).end())
    expect((await client().call(post(url), never)).status).toBe(307)
    expect(other.seen).toEqual([])
  })

  it('gives up an answer that grows without end', async () => {
    const { url } = await peer((_, answer) => {
      const write = () => {
        while (!answer.destroyed && answer.write(Buffer.alloc(65_536, 65)));
        if (!answer.destroyed) answer.once('drain', write)
      }
      write()
    })
    await expect(client(5).call(post(url), never)).rejects.toMatchObject({ code: 'answer-too-large' })
  })

  it('gives up an answer that drips', async () => {
    const { url } = await peer((_, answer) => {
      const timer = setInterval(() => answer.write('.'), 50)
      answer.once('close', () => clearInterval(timer))
    })
    const begun = Date.now()
    await expect(client(0.4).call(post(url), never)).rejects.toMatchObject({ code: 'timeout' })
    expect(Date.now() - begun).toBeLessThan(2000)
  })

  it('ends at once when it is told to', async () => {
    const { url } = await peer(() => {})
    const stop = new AbortController()
    const call = client(60).call(post(url), stop.signal)
    setTimeout(() => stop.abort(), 50)
    await expect(call).rejects.toMatchObject({ code: 'disconnected' })
  })

  it.each([
    ['answer-unreadable', 'rubbish\r\n\r\n'],
    ['disconnected', ''],
    ['disconnected', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('says %s (%#)', async (code, bytes) => {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.once('data', () => socket.end(bytes))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const { port } = server.address() as { port: number }
    await expect(client().call(post(`http://127.0.0.1:${port}`), never)).rejects.toMatchObject({ code })
  })

  it('says unreachable where nobody listens', async () => {
    const gone = await startHttpPeer(answering(200))
    await gone.stop()
    await expect(client().call(post(gone.url), never)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [409, 'delivered'],
    [301, 'retry'],
    [307, 'retry'],
    [400, 'refused'],
    [401, 'retry'],
    [403, 'retry'],
    [404, 'refused'],
    [408, 'retry'],
    [422, 'refused'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i is %s', (status, outcome) => {
    expect(verdictOfStatus(status).outcome).toBe(outcome)
    expect(isSilent(status)).toBe(status === 503)
  })

  it('shows no secret, in whatever place it turns up', () => {
    const secret = 'hunter2 密钥'
    const { request, response } = rawExchange(
      {
        ...post('https://his.example/a?b=1'),
        headers: { authorization: `Bearer ${secret}`, 'x-key': secret },
      },
      {
        status: 500,
        headers: { 'set-cookie': ['s=1'], echo: secret },
        body: Buffer.from(
          `you sent ${secret} or ${Buffer.from(secret).toString('base64')} ${'x'.repeat(20_000)}`,
        ),
      },
      { secrets: [secret] },
    )
    expect(request).toContain('POST /a?b=1 HTTP/1.1\nhost: his.example\nauthorization: ***\nx-key: ***')
    expect(response).toContain('set-cookie: ***')
    expect(`${request}${response}`).not.toContain('hunter2')
    expect(`${request}${response}`).not.toContain(Buffer.from(secret).toString('base64'))
    expect(response?.length).toBeLessThan(17_000)
    expect(hideSecrets('x', [''])).toBe('x')
  })
})

describe('https', () => {
  it('reaches a receiver whose certificate it trusts, and nobody else', async () => {
    const { key, cert } = await selfSigned('127.0.0.1')
    const { url, seen } = await peer(answering(200), { key, cert })
    const files = await filesWith({ 'ca.pem': cert })
    cleanups.push(files.remove)
    const open = (tls?: object) => {
      const made = createHttpClient({ timeoutSeconds: 5, connections: 1, ...(tls ? { tls } : {}) })
      cleanups.push(made.close)
      return made
    }
    expect((await open({ caFile: files.at('ca.pem') }).call(post(url), never)).status).toBe(200)
    for (const tls of [undefined, { caFile: files.at('ca.pem'), serverName: 'other.example' }])
      await expect(open(tls).call(post(url), never)).rejects.toMatchObject({ code: 'untrusted' })
    expect(seen.length).toBe(1)
  })
})
