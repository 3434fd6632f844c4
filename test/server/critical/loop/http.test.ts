import { createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReadingRoom } from '../../reports/reading-room.ts'
import { anAnswer, auditOf, eventsOf, minute, openWard, raise, stateOf } from './ward.ts'

const secret = 'k'.repeat(48)
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function directory(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-replies-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text, { mode: 0o600 })
  return dir
}

/** A room that listens for answers, and an alert to answer. */
async function listening(more: object = {}): Promise<{ room: ReadingRoom; alert: string; port: number }> {
  const dir = await directory({ secret: `${'o'.repeat(40)}\n${secret}\n` })
  const feed = {
    name: 'his-replies',
    port: 0,
    peers: ['127.0.0.1'],
    secretFile: join(dir, 'secret'),
    ...more,
  }
  const room = await openWard({ replies: { http: [feed] } })
  cleanups.push(() => room.close())
  const alert = await raise(room)
  room.time.now += minute
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
  return { room, alert, port: (await feedOf(room)).port }
}

async function feedOf(room: ReadingRoom) {
  const nothing = { params: undefined, query: undefined, body: undefined }
  const { feeds } = await room.incoming.handlers.incomingFeeds(room.request('li', nothing))
  return feeds[0]!
}

const signature = (body: string | Buffer, at: number, key = secret) => {
  const seconds = Math.floor(at / 1000)
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex')}`
}

interface Sent {
  status: number
  body: unknown
  text: string
}

function send(
  port: number,
  body: string | Buffer,
  {
    headers = {},
    path = '/replies',
    method = 'POST',
    from,
  }: { headers?: object; path?: string; method?: string; from?: string } = {},
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { 'content-type': 'application/json', ...headers },
        agent: false,
        ...(from ? { localAddress: from } : {}),
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: text.startsWith('{') && JSON.parse(text), text }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

/** Signed by who has the key, at the gateway's time. */
const signed = (room: ReadingRoom, port: number, reply: object | string, more: object = {}) => {
  const body = typeof reply === 'string' ? reply : JSON.stringify(reply)
  return send(port, body, { headers: { 'x-vigil-signature': signature(body, room.time.now), ...more } })
}

describe('answers over HTTP', () => {
  it('are taken in, and a repeat is answered the same', async () => {
    const { room, alert, port } = await listening()
    const answer = { ...anAnswer(alert), by: { id: 'N1', name: '王护士（夜班）', role: 'nurse' } }
    for (let time = 0; time < 3; time++)
      expect(await signed(room, port, answer)).toMatchObject({ status: 200, body: { accepted: true } })
    expect(await eventsOf(room, alert, 'received')).toHaveLength(1)
    expect((await eventsOf(room, alert, 'received'))[0]!.event.by.name).toBe('王护士（夜班）')
    expect(await feedOf(room)).toMatchObject({
      kind: 'replies-http',
      received: 3,
      accepted: 3,
      quarantined: 0,
    })
  })

  it('may leave out what there is not, and write the time as ISO 8601 with a zone', async () => {
    const { room, alert, port } = await listening()
    const {
      readBack: _r,
      measure: _m,
      opinion: _o,
      ...short
    } = anAnswer(alert, { at: '2026-11-22T16:01:30+08:00' })
    expect((await signed(room, port, short)).status).toBe(200)
    const [received] = await eventsOf(room, alert, 'received')
    expect(received!.event).toMatchObject({ readBack: false, at: Date.UTC(2026, 10, 22, 8, 1, 30) })
    const local = await signed(room, port, { ...short, id: 'R-9', at: '2026-11-22T16:01:30' })
    expect(local).toMatchObject({ status: 400, body: { code: 'bad-request', facts: { field: 'at' } } })
  })

  it('are good under each key of the file, so that a key can be exchanged', async () => {
    const { room, alert, port } = await listening()
    const body = JSON.stringify(anAnswer(alert))
    const headers = { 'x-vigil-signature': signature(body, room.time.now, 'o'.repeat(40)) }
    expect((await send(port, body, { headers })).status).toBe(200)
  })
})

describe('who is nobody', () => {
  const tries: [string, (room: ReadingRoom, body: string) => object, string][] = [
    ['without a signature', () => ({}), 'signature-invalid'],
    ['with an empty one', () => ({ 'x-vigil-signature': '' }), 'signature-invalid'],
    ['with rubbish', () => ({ 'x-vigil-signature': 't=1,v1=zz' }), 'signature-invalid'],
    [
      'by another key',
      (room, body) => ({ 'x-vigil-signature': signature(body, room.time.now, 'x'.repeat(48)) }),
      'signature-invalid',
    ],
    [
      'over another body',
      (room, body) => ({ 'x-vigil-signature': signature(`${body} `, room.time.now) }),
      'signature-invalid',
    ],
    [
      'with its time changed',
      (room, body) => ({
        'x-vigil-signature': signature(body, room.time.now - 3_600_000).replace(
          /t=\d+/,
          `t=${Math.floor(room.time.now / 1000)}`,
        ),
      }),
      'signature-invalid',
    ],
    [
      'signed six minutes ago',
      (room, body) => ({ 'x-vigil-signature': signature(body, room.time.now - 6 * minute) }),
      'clock-skewed',
    ],
    [
      'signed for later',
      (room, body) => ({ 'x-vigil-signature': signature(body, room.time.now + 6 * minute) }),
      'clock-skewed',
    ],
  ]
  for (const [what, headersOf, code] of tries)
    it(`${what}: 403, audited once, nothing changed, nothing kept`, async () => {
      const { room, alert, port } = await listening()
      const body = JSON.stringify(anAnswer(alert))
      for (let time = 0; time < 3; time++) {
        const answer = await send(port, body, { headers: headersOf(room, body) })
        expect(answer).toMatchObject({ status: 403, body: { code } })
      }
      expect((await stateOf(room, alert)).receivedAt).toBeNull()
      expect(await auditOf(room, 'feed.request-refused')).toHaveLength(1)
      expect(await room.store.db.selectFrom('quarantine').selectAll().execute()).toEqual([])
    })

  it('who overheard a request and sends it again is answered, and changes nothing; later, is refused', async () => {
    const { room, alert, port } = await listening()
    const body = JSON.stringify(anAnswer(alert))
    const headers = { 'x-vigil-signature': signature(body, room.time.now) }
    expect((await send(port, body, { headers })).status).toBe(200)
    const before = await room.store.db.selectFrom('alert_events').selectAll().execute()
    expect((await send(port, body, { headers })).status).toBe(200)
    expect(await room.store.db.selectFrom('alert_events').selectAll().execute()).toEqual(before)
    room.time.now += 6 * minute
    expect((await send(port, body, { headers })).status).toBe(403)
  })

  it('from another address is gone before a byte is read, and audited once', async () => {
    const { room, alert, port } = await listening()
    const body = JSON.stringify(anAnswer(alert))
    const headers = { 'x-vigil-signature': signature(body, room.time.now) }
    for (let time = 0; time < 3; time++)
      await expect(send(port, body, { headers, from: '127.0.0.2' })).rejects.toThrow()
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
    expect((await feedOf(room)).turnedAway).toBe(3)
    const [row, ...more] = await auditOf(room, 'feed.request-refused')
    expect(row).toMatchObject({ address: '127.0.0.2' })
    expect(more).toEqual([])
  })
})

describe('what cannot be taken in', () => {
  it('of an unknown alert: 404, without a word of what was sent, and in quarantine for IT to look at', async () => {
    const { room, port } = await listening()
    const answer = await signed(room, port, anAnswer('7ZZZZZZZZZZZZZZZ'))
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found', facts: { field: 'alertId' } } })
    expect(answer.text).not.toMatch(/ZZZ|王护士|N017/)
    expect(await feedOf(room)).toMatchObject({ received: 1, accepted: 0, quarantined: 1 })
    expect(await auditOf(room, 'reply.refused')).toHaveLength(1)
  })

  it('may be sent again by hand as it came, and never corrected: IT does not say what a clinician did', async () => {
    const { room, alert, port } = await listening()
    await signed(room, port, anAnswer('7ZZZZZZZZZZZZZZZ'))
    const { id } = await room.store.db.selectFrom('quarantine').select('id').executeTakeFirstOrThrow()
    const again = (text?: string) =>
      room.incoming.handlers.replayQuarantined(
        room.request('zhao', { params: { id }, query: undefined, body: text === undefined ? {} : { text } }),
      )
    await expect(again()).rejects.toMatchObject({ code: 'message-unusable' })
    await expect(again(JSON.stringify(anAnswer(alert)))).rejects.toMatchObject({ code: 'permission-denied' })
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })

  for (const [what, body] of [
    ['not JSON', '{"alertId": 王护士'],
    ['no object', '["王护士"]'],
    ['nothing', ''],
    ['null', 'null'],
  ] as const)
    it(`${what}: 400, and nothing of it comes back`, async () => {
      const { room, port } = await listening()
      const answer = await signed(room, port, body)
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain('王护士')
    })

  it('is not UTF-8', async () => {
    const { room, port } = await listening()
    const body = Buffer.from('{"id":"\u00ff"}', 'latin1')
    const headers = { 'x-vigil-signature': signature(body, room.time.now) }
    expect((await send(port, body, { headers })).status).toBe(400)
  })

  it('is huge, by its length or by what comes', async () => {
    const { room, port } = await listening()
    const body = JSON.stringify({ opinion: 'x'.repeat(70_000) })
    expect((await signed(room, port, body)).status).toBe(413)
    const chunked = await send(port, body, {
      headers: { 'transfer-encoding': 'chunked', 'x-vigil-signature': signature(body, room.time.now) },
    }).catch(() => ({ status: 413 }))
    expect(chunked.status).toBe(413)
    expect(await feedOf(room)).toMatchObject({ received: 0 })
  })

  it('has another method, path or content type', async () => {
    const { room, alert, port } = await listening()
    const body = JSON.stringify(anAnswer(alert))
    const headers = { 'x-vigil-signature': signature(body, room.time.now) }
    expect((await send(port, body, { headers, method: 'PUT' })).status).toBe(405)
    expect((await send(port, body, { headers, path: '/replies/../' })).status).toBe(404)
    expect((await send(port, body, { headers, path: '/v1/critical/alerts' })).status).toBe(404)
    expect((await send(port, body, { headers: { ...headers, 'content-type': 'text/xml' } })).status).toBe(415)
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })

  it('comes too fast: 429, and once a while later it is taken', async () => {
    const { room, alert, port } = await listening({ requestsPerSecond: 1 })
    const answers = []
    for (let time = 0; time < 8; time++) answers.push((await signed(room, port, anAnswer(alert))).status)
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    room.time.now += 2000
    expect((await signed(room, port, anAnswer(alert))).status).toBe(200)
  })
})

describe('a connection that does not behave', () => {
  it('is no HTTP, or sends its headers for ever: it ends, and others go on', async () => {
    const { room, alert, port } = await listening()
    const ended = (bytes: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        socket.resume()
      })
    await ended('\x16\x03\x01 rubbish\r\n\r\n')
    const slow = ended('POST /replies HTTP/1.1\r\nHost: x\r\n')
    expect((await signed(room, port, anAnswer(alert))).status).toBe(200)
    await slow
  }, 15_000)
})

describe('a listener that would not be safe', () => {
  it('does not start', async () => {
    const dir = await directory({ short: 'k'.repeat(31), empty: '\n' })
    const feed = { name: 'his', port: 0, peers: ['127.0.0.1'] }
    const open = (more: object) => openWard({ replies: { http: [{ ...feed, ...more }] } })
    await expect(open({})).rejects.toThrow(/secretFile/)
    await expect(open({ secretFile: 'x', host: '0.0.0.0' })).rejects.toThrow(/tls/)
    await expect(open({ secretFile: 'x', peers: [] })).rejects.toThrow(/peers/)
    await expect(open({ secretFile: join(dir, 'short') })).rejects.toThrow(/at least 32/)
    await expect(open({ secretFile: join(dir, 'empty') })).rejects.toThrow(/empty/)
    await expect(open({ secretFile: join(dir, 'none') })).rejects.toThrow(/missing/)
    await writeFile(join(dir, 'wide'), secret, { mode: 0o644 })
    await expect(open({ secretFile: join(dir, 'wide') })).rejects.toThrow(/0600/)
  })
})

describe('answers as XML, from a SOAP client that cannot sign', () => {
  const credentials = { authorization: `Basic ${Buffer.from('his:pass:word').toString('base64')}` }
  const xml = (alert: string, extra = '') =>
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` +
    `<h:Ack xmlns:h="urn:his"><h:SN>77</h:SN><h:WJZ>${alert}</h:WJZ><h:Status>2</h:Status><h:Doc><h:No>D9</h:No>` +
    `<h:Name>陈&lt;b&gt;医生</h:Name></h:Doc><h:Time>2026-11-22T16:05:00+08:00</h:Time><h:Cmd>胸腔闭式引流</h:Cmd>${extra}</h:Ack></s:Body></s:Envelope>`

  async function soap() {
    const dir = await directory({ password: 'pass:word\n' })
    return listening({
      secretFile: undefined,
      basic: { username: 'his', passwordFile: join(dir, 'password') },
      xml: {
        reply: 'Envelope/Body/Ack',
        fields: {
          id: 'SN',
          alertId: 'WJZ',
          step: 'Status',
          byId: 'Doc/No',
          byName: 'Doc/Name',
          at: 'Time',
          measure: 'Cmd',
        },
        values: { step: { '1': 'received', '2': 'handled' } },
      },
    })
  }
  const post = (port: number, body: string | Buffer, headers: object = credentials) =>
    send(port, body, { headers: { 'content-type': 'text/xml; charset=utf-8', ...headers } })

  it('are taken in by the configured paths and codes', async () => {
    const { room, alert, port } = await soap()
    for (let time = 0; time < 2; time++) {
      const answer = await post(port, xml(alert))
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('<resultCode>0</resultCode>')
    }
    const [handled, ...more] = await eventsOf(room, alert, 'handled')
    expect(handled!.event).toEqual({
      kind: 'handled',
      by: { id: 'D9', name: '陈<b>医生', role: 'other' },
      measure: '胸腔闭式引流',
      opinion: '',
      source: 'http',
      at: Date.UTC(2026, 10, 22, 8, 5),
    })
    expect(more).toEqual([])
  })

  it('without the password, or with another, are refused before the body is read', async () => {
    const { room, alert, port } = await soap()
    const wrong = { authorization: `Basic ${Buffer.from('his:other').toString('base64')}` }
    for (const headers of [{}, wrong, { authorization: 'Basic %%%' }, { authorization: 'Bearer x' }])
      expect((await post(port, xml(alert), headers)).status).toBe(403)
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })

  it('that would read files, blow up, or are not one answer, are refused', async () => {
    const { room, alert, port } = await soap()
    const entity = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml(alert, '&e;').slice(38)}`
    for (const body of [entity, 'no xml', '<a>', '<Envelope><Body/></Envelope>', ''])
      expect((await post(port, body)).status).toBe(400)
    const unknown = await post(port, xml('7ZZZZZZZZZZZZZZZ'))
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('<resultCode>not-found</resultCode><resultText>alertId</resultText>')
    expect(unknown.text).not.toMatch(/ZZZ|医生/)
    expect((await stateOf(room, alert)).receivedAt).toBeNull()
  })
})
