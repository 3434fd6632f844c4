import { randomBytes, randomUUID } from 'node:crypto'
import type { ErrorCode } from '../../../../src/shared/errors/index.ts'
import { signInStatement, unlockStatement } from '../../../../src/shared/signing/statement.ts'
import type { Channel } from '../../channel.ts'
import type { TestWorkstation } from '../../gateway-harness.ts'
import { exporterOf, keyAndRequest, sha256, signInBody, tokenSign } from '../../sign-in-client.ts'
import { by, once, type Reader, type Row, type Stage } from '../stage.ts'

type Facts = Parameters<typeof signInStatement>[0]
type Body = Record<string, unknown>

/** A sign-in whose statement, or body, is not the one that was asked for. */
const forged = (
  name: string,
  change: {
    facts?: (facts: Facts, stage: Stage) => Facts | Promise<Facts>
    statement?: (facts: Facts) => Uint8Array
    body?: (body: Body, stage: Stage, person: Reader) => Body | Promise<Body>
  },
  code: ErrorCode = 'signature-invalid',
): Row => ({
  name,
  code,
  async given(stage) {
    const person = await stage.person()
    const channel = stage.gateway.connect(stage.place.identity)
    const key = await keyAndRequest()
    const { signer } = person
    const challenge = await channel.call('signInChallenge')
    const facts = {
      gatewayId: challenge.body.gatewayId,
      nonce: Buffer.from(challenge.body.nonce, 'base64'),
      exporter: exporterOf(channel.socket()),
      csrHash: sha256(key.csr),
      certificateHash: sha256(signer.certificateDer),
      workstationId: stage.place.id,
    }
    const told = (await change.facts?.(facts, stage)) ?? facts
    const statement = change.statement?.(told) ?? signInStatement(told)
    const body = {
      csr: key.csr.toString('base64'),
      certificates: [signer.certificateDer.toString('base64')],
      algorithm: signer.algorithm,
      signature: tokenSign(signer, statement).toString('base64'),
    }
    const sent = (await change.body?.(body, stage, person)) ?? body
    return { act: () => once(channel, (open) => open.call('signIn', { body: sent })) }
  },
})

/** A good person and key on a socket whose challenge is not there. */
const unchallenged = (
  name: string,
  spoil: (channel: Channel, stage: Stage, body: Body) => Promise<unknown>,
): Row => ({
  name,
  code: 'challenge-invalid',
  async given(stage) {
    const { signer } = await stage.person()
    const channel = stage.gateway.connect(stage.place.identity)
    const body = await signInBody(channel, signer, stage.place.id, await keyAndRequest())
    await spoil(channel, stage, body)
    return { act: () => once(channel, (open) => open.call('signIn', { body })) }
  },
})

/** A good person at a workstation that is not. */
const workstation = (
  code: ErrorCode,
  status: number,
  spoil: (stage: Stage) => Promise<TestWorkstation>,
): Row => ({
  name: `a good key at a workstation: ${code}`,
  code,
  status,
  action: 'access.refused',
  async given(stage) {
    const { signer } = await stage.person()
    const place = await spoil(stage)
    const body = await once(stage.gateway.connect((await stage.workstation()).identity), async (channel) =>
      signInBody(channel, signer, place.id, await keyAndRequest()),
    )
    return { act: () => once(stage.gateway.connect(place.identity), (open) => open.call('signIn', { body })) }
  },
})

export const channelRows: Row[] = [
  forged('a signature over another nonce', { facts: (facts) => ({ ...facts, nonce: randomBytes(32) }) }),
  forged('a signature over another connection', {
    async facts(facts, stage) {
      const exporter = await once(stage.gateway.connect(stage.place.identity), async (channel) => {
        await channel.call('status')
        return exporterOf(channel.socket())
      })
      return { ...facts, exporter }
    },
  }),
  forged('a signature over another session key', {
    facts: (facts) => ({ ...facts, csrHash: randomBytes(32) }),
  }),
  forged('a signature for another workstation', {
    facts: (facts) => ({ ...facts, workstationId: randomUUID() }),
  }),
  forged('a signature for another gateway', {
    facts: (facts) => ({ ...facts, gatewayId: 'gateway-of-others' }),
  }),
  forged('a signature over another certificate', {
    facts: (facts) => ({ ...facts, certificateHash: randomBytes(32) }),
  }),
  forged('a signature for unlocking', {
    statement: ({ workstationId, ...facts }) => unlockStatement({ ...facts, sessionId: workstationId }),
  }),
  forged('a signature by another person’s key', {
    async body(body, stage) {
      const { signer } = await stage.person()
      return { ...body, certificates: [signer.certificateDer.toString('base64')] }
    },
  }),
  forged('a signature under another algorithm’s name', {
    body: (body) => ({ ...body, algorithm: 'RSA-PKCS1-SHA256' }),
  }),
  forged('no signature', { body: (body) => ({ ...body, signature: '' }) }),
  forged('the session key of somebody else', {
    body: async (body) => ({ ...body, csr: (await keyAndRequest()).csr.toString('base64') }),
  }),

  unchallenged('a challenge that a wrong answer used up', (channel) =>
    channel.call('signIn', {
      body: { csr: 'AAAA', certificates: ['AAAA'], algorithm: 'ECDSA-SHA256', signature: '' },
    }),
  ),
  unchallenged('a challenge that a good answer used up', (channel, _, body) =>
    channel.call('signIn', { body }),
  ),
  unchallenged('a challenge past its time', async (_, stage) => stage.advance(61_000)),

  workstation('workstation-suspended', 403, async (stage) => {
    await stage.gateway.workstations.suspend(stage.place.id, by, 'moved')
    return stage.place
  }),
  workstation('workstation-revoked', 401, async (stage) => {
    await stage.gateway.workstations.revoke(stage.place.id, by, 'lost')
    return stage.place
  }),
  workstation('workstation-unknown', 401, async (stage) => {
    const id = randomUUID()
    const { csr, privateKey } = await keyAndRequest()
    const { pem } = await stage.gateway.authorities.issueWorkstation(csr, { id, name: 'ghost' })
    return { id, name: 'ghost', identity: { certificate: pem, privateKey } }
  }),
]
