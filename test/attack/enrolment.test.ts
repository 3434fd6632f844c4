import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../../demo/ports.ts'
import { createEnrolmentCodes } from '../../src/server/identity/index.ts'
import { enrolPath } from '../../src/shared/api/index.ts'
import { Failure } from '../../src/shared/errors/index.ts'
import { openChannel } from '../server/channel.ts'
import { keyAndRequest } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'

/** The one door that asks for no certificate. Ten requests at once are all that it takes from one address. */
let gateway: ComposedGateway
let port = 0
beforeAll(async () => {
  const [apiPort, enrolmentPort] = (await freePorts(2)) as [number, number]
  port = enrolmentPort
  gateway = await composeGateway({ config: { listen: { host: '127.0.0.1', apiPort, enrolmentPort } } })
})
afterAll(() => gateway.remove())

const canary = 'CANARY-7f3a'
const channel = () => openChannel({ port, ca: gateway.authorities.gatewayCa })
const isOpen = () =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca: gateway.authorities.gatewayCa })
    socket.once('secureConnect', () => resolve(socket.destroy() && true))
    socket.once('error', () => resolve(false))
  })
const newCode = () =>
  gateway.beside(async (foundation) => {
    const { code } = await createEnrolmentCodes(foundation).create({ kind: 'cli', id: 'test' })
    return code
  })

describe('the enrolment listener', () => {
  it('is closed while there is no code, open for one, and takes nothing but a good request for it', async () => {
    expect(await isOpen()).toBe(false)
    const code = await newCode()
    await expect.poll(isOpen, { timeout: 5000 }).toBe(true)
    const { csr } = await keyAndRequest()
    const good = { code, csr: csr.toString('base64'), name: 'reading room 2' }

    const bodies: [string, unknown][] = [
      ['a body too large', { ...good, csr: canary.repeat(5000) }],
      ['another code', { ...good, code: 'Z'.repeat(24) }],
      ['code by injection', { ...good, code: `${code}' OR '1'='1` }],
      ['many codes', { ...good, code: [code] }],
      ['a name that drives a terminal', { ...good, name: `\u001b]0;${canary}\u0007` }],
      ['a name that reads backwards', { ...good, name: `\u202e${canary}` }],
      ['a name of two lines', { ...good, name: `a\n${canary}` }],
    ]
    for (const [what, body] of bodies) {
      const answer = await channel().send('POST', enrolPath, { body })
      const failure = Failure.parse(answer.body)
      expect([what, [400, 403, 413].includes(answer.status)]).toEqual([what, true])
      expect(['bad-request', 'enrolment-code-invalid', 'too-large'], what).toContain(failure.code)
      expect(answer.bytes.toString()).not.toContain(canary)
    }
    for (const path of ['/v1/status', '/v1/session', '/', '/v1/enrol/x'])
      expect((await channel().send('GET', path)).status).toBe(404)

    const taken = await channel().send('POST', enrolPath, { body: good })
    expect(taken.status).toBe(200)
    await expect.poll(isOpen, { timeout: 5000 }).toBe(false)
  })

  it('is no oracle: guesses are few, and the right code works no better among them', async () => {
    const code = await newCode()
    await expect.poll(isOpen, { timeout: 5000 }).toBe(true)
    const { csr } = await keyAndRequest()
    const guess = (code: string) =>
      channel().send('POST', enrolPath, { body: { code, csr: csr.toString('base64'), name: 'x' } })
    const answers = []
    for (let n = 0; n < 12; n += 1) answers.push((await guess('Y'.repeat(20 + n))).body.code)
    expect(answers.at(-1)).toBe('too-many-requests')
    expect((await guess(code)).body.code).toBe('too-many-requests')
  })
})
