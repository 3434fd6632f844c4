import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EnrolmentTicket, EnrolResponse, enrolPath } from '../../../src/shared/api/index.ts'
import { openChannel } from '../channel.ts'
import { movableClock, startGateway, type TestGateway } from '../gateway-harness.ts'
import { keyAndRequest } from '../sign-in-client.ts'

const by = { kind: 'cli', id: 'test' } as const
const minutes = 60_000
let gateway: TestGateway
let advance: (ms: number) => void
beforeEach(async () => {
  const time = movableClock()
  advance = time.advance
  gateway = await startGateway({ clock: time.clock })
})
afterEach(() => gateway.close())

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 3000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const open = async () => {
  await until(() => gateway.enrolment.port() !== null)
  return openChannel({ port: gateway.enrolment.port() ?? 0, ca: gateway.authorities.gatewayCa })
}

const request = async (code: string, name = '阅片一号') => {
  const { csr, privateKey } = await keyAndRequest()
  return { body: { code, csr: csr.toString('base64'), name }, privateKey }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
    socket.once('secureConnect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

describe('the enrolment listener', () => {
  it('is closed without a code, open with one, and closed when it is used', async () => {
    expect(gateway.enrolment.port()).toBeNull()
    const { code } = await gateway.codes.create(by)
    const ticket = `127.0.0.1:8444/${code}/${gateway.authorities.gatewayPin}`
    expect(EnrolmentTicket.parse(ticket)).toMatchObject({ code, port: 8444 })
    const channel = await open()
    const port = gateway.enrolment.port() ?? 0
    const { body, privateKey } = await request(code)
    const answer = await channel.send('POST', enrolPath, { body })
    expect(answer.status).toBe(200)
    const enrolled = EnrolResponse.parse(answer.body)
    expect(enrolled).toMatchObject({ gatewayId: gateway.foundation.gatewayId, apiPort: gateway.apiPort })
    const status = await gateway.connect({ certificate: enrolled.certificate, privateKey }).call('status')
    expect(status.status).toBe(200)
    await until(() => gateway.enrolment.port() === null)
    expect(await connects(port)).toBe(false)
    await gateway.codes.create(by)
    await until(() => gateway.enrolment.port() !== null)
    expect(gateway.enrolment.port()).toBe(port)
  })

  it('closes when the code expires, and an expired code is refused', async () => {
    const { code } = await gateway.codes.create(by)
    await gateway.codes.create(by, 60 * minutes)
    const channel = await open()
    advance(15 * minutes)
    const answer = await channel.send('POST', enrolPath, { body: (await request(code)).body })
    expect(answer).toMatchObject({ status: 403, body: { code: 'enrolment-code-invalid' } })
    advance(45 * minutes)
    await until(() => gateway.enrolment.port() === null)
  })

  it('gives one certificate for one code, however many come with it at once', async () => {
    const { code } = await gateway.codes.create(by)
    await gateway.codes.create(by)
    await open()
    const attempts = await Promise.all(
      Array.from({ length: 8 }, async () =>
        (await open()).send('POST', enrolPath, { body: (await request(code)).body }),
      ),
    )
    expect(attempts.map((answer) => answer.status).sort()).toEqual([200, 403, 403, 403, 403, 403, 403, 403])
    expect(await gateway.workstations.list()).toHaveLength(1)
  })

  it('takes no guesses at a rate that would matter', async () => {
    const { code } = await gateway.codes.create(by)
    const channel = await open()
    const guess = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`
    const statuses = []
    for (let i = 0; i < 12; i += 1) {
      statuses.push((await channel.send('POST', enrolPath, { body: (await request(guess)).body })).status)
    }
    expect(statuses).toEqual([...Array(10).fill(403), 429, 429])
    advance(6000)
    expect((await channel.send('POST', enrolPath, { body: (await request(code)).body })).status).toBe(200)
  })

  it('leaves the code good where the request proves no key, and stores no code', async () => {
    const { code } = await gateway.codes.create(by)
    const channel = await open()
    const { body } = await request(code)
    const csr = Buffer.from(body.csr, 'base64')
    csr[csr.length - 1] = (csr[csr.length - 1] ?? 0) ^ 1
    const tampered = { ...body, csr: csr.toString('base64') }
    expect((await channel.send('POST', enrolPath, { body: tampered })).body.code).toBe('bad-request')
    expect((await channel.send('POST', enrolPath, { body })).status).toBe(200)
    const rows = await gateway.foundation.store.db.selectFrom('enrolment_codes').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(code)
    const audit = JSON.stringify(await gateway.foundation.audit.tail())
    expect(audit).not.toContain(code)
    expect(audit).toContain('workstation.enrolled')
  })

  it('has one route, TLS 1.3 only, and takes no malformed body', async () => {
    const { code } = await gateway.codes.create(by)
    const channel = await open()
    expect((await channel.send('GET', '/v1/status')).status).toBe(404)
    expect((await channel.send('GET', enrolPath)).status).toBe(404)
    for (const body of [undefined, {}, [], { code }, { code: code.toLowerCase(), csr: 'AA==', name: 'x' }]) {
      expect((await channel.send('POST', enrolPath, { body })).body.code).toBe('bad-request')
    }
    const large = await channel.send('POST', enrolPath, { raw: 'x'.repeat(20_000) }).catch(() => null)
    if (large) expect(large.status).toBe(413)
    const old = connect({
      host: '127.0.0.1',
      port: gateway.enrolment.port() ?? 0,
      maxVersion: 'TLSv1.2',
      rejectUnauthorized: false,
    })
    await new Promise((resolve) => old.once('error', resolve))
  })
})
