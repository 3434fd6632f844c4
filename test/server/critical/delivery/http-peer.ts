import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

export interface HttpSeen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}
export type HttpAnswerer = (
  seen: HttpSeen,
  answer: Parameters<RequestListener>[1],
  count: number,
) => void | Promise<void>

/** The other end of a real connection: keeps what came, answers as it is told. */
export async function startHttpPeer(respond: HttpAnswerer, tls?: { key: string; cert: string }) {
  const seen: HttpSeen[] = []
  let connections = 0
  const listener: RequestListener = (request, answer) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks) }
      seen.push(one)
      void respond(one, answer, seen.length)
    })
  }
  const server = (tls ? createTlsServer(tls, listener) : createServer(listener)).listen(0, '127.0.0.1')
  server.on('connection', () => connections++)
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers with one status and body. */
export const answering =
  (status: number, body = '', type = 'application/json'): HttpAnswerer =>
  (_seen, answer) => {
    answer.writeHead(status, { 'content-type': type }).end(body)
  }
