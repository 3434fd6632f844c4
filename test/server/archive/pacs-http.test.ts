import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createPacsHttp, readBody } from '../../../src/server/archive/dicomweb/http.ts'
import { silent } from './shared-files.ts'

it('waits as long as it is to for an answer over a connection that the PACS keeps for a second', async () => {
  let sockets = 0
  const pacs = createServer({ keepAliveTimeout: 1000 }, async (request, answer) => {
    if (request.url === '/slow') await delay(1300)
    answer.writeHead(200, { 'keep-alive': 'timeout=1' }).end(request.url)
  })
  pacs.on('connection', () => {
    sockets += 1
  })
  await new Promise<void>((resolve) => pacs.listen(0, '127.0.0.1', resolve))
  const base = new URL(`http://127.0.0.1:${(pacs.address() as AddressInfo).port}`)
  const http = createPacsHttp({ base, authorization: null, timeoutMs: 5000, log: silent })
  const get = (path: string) =>
    http.get({ path, accept: '*/*' }, async (answer) => (await readBody(answer, 100)).toString())
  try {
    expect(await get('/quick')).toBe('/quick')
    expect(await get('/slow')).toBe('/slow')
    expect(sockets).toBe(1)
  } finally {
    http.close()
    pacs.closeAllConnections()
    pacs.close()
  }
})
